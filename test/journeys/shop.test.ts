import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { x } from "tinyexec";
import { readOwners } from "../../app/gates/codeowners.ts";
import { parsePolicy } from "../../app/policy/parse.ts";
import { brokenRules } from "../support/workflow-rules.ts";
import { branches, shopFiles } from "../world/shop.ts";

const shop = join(import.meta.dirname, "../world/shop");
const read = (path: string) => readFileSync(join(shop, path), "utf8");

test.each(readdirSync(join(shop, ".github/workflows")))("the sample repository's %s breaks no rule", (file) => {
  expect(brokenRules(read(`.github/workflows/${file}`))).toEqual([]);
});

const addresses = {
  staging: "http://127.0.0.1:1",
  production: "http://127.0.0.1:2",
  supplier: "http://127.0.0.1:3",
  rigSha: "a".repeat(40),
};

test.each(Object.entries(branches))("the %s's policy is valid, and differs from the shop's", async (_, differences) => {
  const [shops, own] = await Promise.all([shopFiles(addresses), shopFiles(addresses, differences)]);
  expect(parsePolicy(own[".github/rig.yml"] ?? "")).not.toHaveProperty("errors");
  expect(parsePolicy(own[".github/rig.yml"] ?? "")).not.toEqual(parsePolicy(shops[".github/rig.yml"] ?? ""));
});

test("the sample repository's policy and owners are valid", () => {
  expect(parsePolicy(read(".github/rig.yml"))).not.toHaveProperty("errors");
  expect(readOwners(read(".github/CODEOWNERS"))?.rules.map(({ pattern, owners }) => [pattern, owners])).toEqual([
    ["*", ["@jonas", "@maria"]],
    ["/db/", ["@maria"]],
    ["/.github/", ["@maria"]],
    ["/src/auth/", ["@maria"]],
  ]);
});

test("the sample repository's own tests pass before anybody works on it", async () => {
  // Jest's own settings are not the shop's.
  const env = { NODE_OPTIONS: "", NODE_TEST_CONTEXT: "" };
  const { exitCode, stdout } = await x(process.execPath, ["--test", "--test-isolation=none"], { nodeOptions: { cwd: shop, env } });
  expect(stdout).toContain("fail 0");
  expect(exitCode).toBe(0);
});
