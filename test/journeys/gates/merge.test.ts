/** R15, F34–F37, and the gates of an agent's pull request: what stands between a head and its merge, through the door. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import type { EventType, RigEvent } from "../../../app/domain/events.ts";
import { asUser } from "../../world/github/as-user.ts";
import { type Agents, type Clone, type Guarded, openGuarded } from "./guarded.ts";

const workflow = (name: string) => `name: ${name}
on:
  workflow_dispatch:
    inputs: { run: { description: The run, type: string, required: true } }
permissions: {}
jobs:
  work:
    runs-on: [self-hosted, rig]
    steps:
      - run: "true"
`;
const BUILD = { requiredChecks: ["build"] };

let vault: Guarded;
beforeAll(async () => {
  vault = await openGuarded("vault", {
    "README.md": "# Vault\n",
    "src/sum.ts": "export const sum = 1;\n",
    ".github/CODEOWNERS": "* @jonas @maria\n/db/ @maria\n",
    ".github/rig.yml": "queue: { maxConcurrent: 40 }\nagents: { dev-e: { maxConcurrent: 40 } }\n",
    ".github/workflows/dev-e.yml": workflow("Dev-E"),
    ".github/workflows/review-e.yml": workflow("Review-E"),
  });
}, 180_000);
beforeEach(() => vault.world.github.setRules(vault.fullName, BUILD));
afterAll(async () => vault?.close(), 60_000);

const write =
  (path: string, text: string) =>
  async ({ dir }: Clone) => {
    await mkdir(join(dir, path, ".."), { recursive: true });
    await writeFile(join(dir, path), text);
  };
async function said<T extends EventType>({ stream }: Agents, type: T): Promise<readonly RigEvent<T>["data"][]> {
  return (await vault.rig.events(stream)).flatMap((event) => (event.type === type ? [event.data as RigEvent<T>["data"]] : []));
}
const merged = async ({ number }: Agents) => (await vault.as("maria").pulls.get({ ...vault.place, pull_number: number })).data.merged;
const built = async ({ headSha }: Agents) => {
  await vault.as("maria").repos.createCommitStatus({ ...vault.place, sha: headSha, context: "build", state: "success" });
  await vault.settled();
};
/** Review-E's own App says yes to a head. */
const reviewed = async ({ number, headSha }: Agents) => {
  const { rest } = asUser(vault.world.github, await vault.reviewToken());
  await rest.pulls.createReview({ ...vault.place, pull_number: number, commit_id: headSha, event: "APPROVE", body: "Fine." });
  await vault.settled();
};
const ready = async (agents: Agents) => {
  await built(agents);
  await reviewed(agents);
};
/** How often GitHub was asked to merge it. */
const tries = ({ number }: Agents) =>
  vault.world.github.writes.filter(({ method, path }) => method === "PUT" && path.endsWith(`/pulls/${number}/merge`)).length;

test("a head for which everything holds is merged, once, with the verdict written down", async () => {
  const agents = await vault.handOver("Add one", { "src/one.ts": "export const one = 1;\n" });
  await built(agents);
  expect(await merged(agents)).toBe(false);
  await reviewed(agents);
  expect(await merged(agents)).toBe(true);
  expect(await said(agents, "MERGE_REQUESTED")).toMatchObject([{ headSha: agents.headSha }]);
  expect(await said(agents, "ISSUE_DONE")).toHaveLength(1);
  expect(tries(agents)).toBe(1);
}, 180_000);

test("P4: a gate of the agent's pull request keeps it from merging until its owner approved this head", async () => {
  const first = await vault.handOver("Add a column", { "db/migrations/1.sql": "alter table orders add column a text;\n" });
  await ready(first);
  await vault.review("jonas", first, "APPROVE");
  expect(await merged(first)).toBe(false);
  await vault.review("maria", first, "APPROVE");
  expect(await merged(first)).toBe(true);
  expect(await said(first, "HUMAN_GATE_APPROVED")).toMatchObject([{ by: "maria", via: "review" }]);
}, 180_000);

test("R15, F34: an approval of a head that moved merges nothing, and what Review-E said of it does not count", async () => {
  const first = await vault.handOver("Add another column", { "db/migrations/2.sql": "alter table orders add column b text;\n" });
  await built(first);
  await vault.review("maria", first, "APPROVE");
  const second = { ...first, ...(await vault.again(first, "jonas", write("src/two.ts", "export const two = 2;\n"))) };
  await reviewed(first);
  await built(second);
  expect(await merged(second)).toBe(false);
  expect(await vault.gates(second)).toEqual({ schema: "waiting" });
  await reviewed(second);
  await vault.review("maria", second, "APPROVE");
  expect(await merged(second)).toBe(true);
  expect(await said(second, "PR_UPDATED")).toMatchObject([{ pushedBy: "jonas" }]);
}, 180_000);

test("R3: a text that changed after it was approved merges nothing", async () => {
  const agents = await vault.handOver("Add three", { "src/three.ts": "export const three = 3;\n" });
  await built(agents);
  await vault.as("jonas").issues.update({ ...vault.place, issue_number: agents.issue, body: "Something else, please." });
  await reviewed(agents);
  expect(await merged(agents)).toBe(false);
}, 180_000);

test("F35: a draft does not merge, nor what was pointed at another branch; once it is ready and back it does", async () => {
  const agents = await vault.handOver("Add four", { "src/four.ts": "export const four = 4;\n" });
  const at = { ...vault.place, pull_number: agents.number };
  const main = (await vault.as("maria").git.getRef({ ...vault.place, ref: "heads/main" })).data.object.sha;
  await vault.as("maria").git.createRef({ ...vault.place, ref: "refs/heads/elsewhere", sha: main });
  await vault.as("maria").pulls.update({ ...at, base: "elsewhere" });
  await vault.settled();
  await ready(agents);
  expect(await merged(agents)).toBe(false);
  expect((await said(agents, "MERGE_BLOCKED")).at(-1)?.reasons.join(" ")).toContain("point it at main");
  await vault.as("maria").pulls.update({ ...at, base: "main" });
  await vault.settled();
  expect(await merged(agents)).toBe(true);
}, 180_000);

test("F36: a conflict goes to the agent once, and never merges as it is", async () => {
  const agents = await vault.handOver("Change the sum", { "src/sum.ts": "export const sum = 2;\n" });
  vault.world.github.setRules(vault.fullName, {});
  await vault.commit(write("src/sum.ts", "export const sum = 3;\n"));
  vault.world.github.setRules(vault.fullName, BUILD);
  await ready(agents);
  expect(await merged(agents)).toBe(false);
  expect((await said(agents, "MERGE_BLOCKED")).at(-1)?.reasons.join(" ")).toContain("conflicts with main");
}, 180_000);

test("F37: what a rule of the branch refuses is told, not tried again by time, and goes on when the rule is met", async () => {
  vault.world.github.setRules(vault.fullName, { ...BUILD, requirePullRequest: true, requiredApprovals: 2 });
  const agents = await vault.handOver("Add five", { "src/five.ts": "export const five = 5;\n" });
  await ready(agents);
  await vault.rig.coordinate();
  await vault.settled();
  expect(await merged(agents)).toBe(false);
  expect((await said(agents, "MERGE_BLOCKED")).at(-1)?.reasons.join(" ")).toContain("The merge was refused");
  expect(tries(agents)).toBe(1);
  await vault.review("maria", agents, "APPROVE");
  await vault.review("jonas", agents, "APPROVE");
  await vault.until("its merge", () => merged(agents));
  await vault.settled();
}, 180_000);

test("R15: where the base moved just then, the same head is judged again and merged", async () => {
  const agents = await vault.handOver("Add six", { "src/six.ts": "export const six = 6;\n" });
  vault.world.github.faults.next({ method: "PUT", path: new RegExp(`/pulls/${agents.number}/merge$`), kind: "base-moved" });
  await ready(agents);
  await vault.until("its merge", () => merged(agents));
  await vault.settled();
  const outcomes = (await vault.rig.store.effectsOf(agents.stream)).filter(({ kind }) => kind === "MERGE").map(({ response }) => response);
  expect(outcomes).toMatchObject([{ outcome: "refused", kind: "base_moved" }, { outcome: "merged" }]);
}, 180_000);

test("R15: a merge that GitHub made but answered with 502 is found, not made again", async () => {
  const agents = await vault.handOver("Add seven", { "src/seven.ts": "export const seven = 7;\n" });
  vault.world.github.faults.next({ method: "PUT", path: new RegExp(`/pulls/${agents.number}/merge$`), kind: "502-after-write" });
  await ready(agents);
  expect(await merged(agents)).toBe(true);
  expect(await said(agents, "MERGED")).toHaveLength(1);
}, 180_000);

test("R13: Review-E's approval alone opens no gate, and a person's alone does not stand for Review-E's", async () => {
  const agents = await vault.handOver("Add eight", { "src/eight.ts": "export const eight = 8;\n" });
  await built(agents);
  await vault.review("maria", agents, "APPROVE");
  expect(await merged(agents)).toBe(false);
  await reviewed(agents);
  expect(await merged(agents)).toBe(true);
}, 180_000);

test("nobody asked for anything that GitHub or Discord would not take", () => {
  expect(vault.world.violations()).toEqual([]);
});
