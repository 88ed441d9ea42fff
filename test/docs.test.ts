import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { parse } from "yaml";
import { heardEvents, unasked } from "../app/intake/index.ts";
import { pages } from "../docs/generate.ts";

const root = join(import.meta.dirname, "..");

test.each(Object.entries(pages))("docs/%s says what the code says (npm run docs writes it)", (file, page) => {
  expect(readFileSync(join(root, "docs", file), "utf8")).toBe(page());
});

test("the App subscribes to the webhooks that intake listens to, and to no others; of its own installations GitHub tells it unasked", () => {
  const manifest = parse(readFileSync(join(root, "app.yml"), "utf8")) as {
    readonly default_events: readonly string[];
    readonly public: boolean;
  };
  expect([...manifest.default_events, ...unasked].toSorted()).toEqual(heardEvents.toSorted());
  // GitHub refuses a manifest that asks for what every App is told.
  expect([...unasked].toSorted()).toEqual(["installation", "installation_repositories"]);
  expect(manifest.public).toBe(false);
});

test("every permission and event of the App stands with its reason", () => {
  const lines = readFileSync(join(root, "app.yml"), "utf8").split("\n");
  const from = lines.indexOf("default_permissions:");
  const bare = lines.slice(from + 1).filter((line) => /^ {2}(- )?\w/.test(line) && !line.includes(" # "));
  expect(bare).toEqual([]);
});
