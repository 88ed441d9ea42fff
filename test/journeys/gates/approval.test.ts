/** R12–R16, F30, F35: what a person may try so that a gate opens without the right person's word. Through the door, with real reviews, comments and pushes. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { asUser } from "../../world/github/as-user.ts";
import { type Clone, type Guarded, openGuarded, type Proposal } from "./guarded.ts";

const CODEOWNERS = "* @jonas @maria\n/db/ @maria\n/.github/ @maria\n";
const RIG = "gateReminders: { every: 30m }\n";

let vault: Guarded;
beforeAll(async () => {
  vault = await openGuarded("vault", {
    "README.md": "# Vault\n",
    ".github/CODEOWNERS": CODEOWNERS,
    ".github/rig.yml": RIG,
    "src/sum.ts": "export const sum = 1;\n",
  });
}, 180_000);
afterAll(async () => vault?.close(), 60_000);

let nth = 0;
const write =
  (path: string, text: string) =>
  async ({ dir }: Clone) => {
    await mkdir(join(dir, path, ".."), { recursive: true });
    await writeFile(join(dir, path), text);
  };
/** A migration by Jonas, which is Maria's to approve. */
const migration = (base = "main"): Promise<Proposal> => {
  nth += 1;
  return vault.propose({ by: "jonas", base, change: write(`db/migrations/${nth}.sql`, `alter table orders add column c${nth} text;\n`) });
};
const stateOf = async (proposal: Proposal) => ({
  gates: await vault.gates(proposal),
  check: (await vault.check(proposal.headSha))?.conclusion,
});
const shut = { gates: { schema: "waiting" }, check: "action_required" };
const open = { gates: { schema: "approved" }, check: "success" };
/** What a comment was answered with. */
const reactionsTo = async (comment_id: number) =>
  (await vault.as("maria").reactions.listForIssueComment({ ...vault.place, comment_id })).data.map(({ content }) => content);

test("the owner's review of the head opens the gate; the pull request and #admin had asked for it", async () => {
  const proposal = await migration();
  expect(await stateOf(proposal)).toEqual(shut);
  const { data: comments } = await vault.as("maria").issues.listComments({ ...vault.place, issue_number: proposal.number });
  expect(comments.map(({ body }) => body).join("\n")).toContain("The schema gate needs @maria");
  const { data: issue } = await vault.as("maria").issues.get({ ...vault.place, issue_number: proposal.number });
  expect(issue.labels.map((label) => (typeof label === "string" ? label : label.name))).toContain("gate:schema");
  await vault.review("maria", proposal, "APPROVE");
  expect(await stateOf(proposal)).toEqual(open);
}, 180_000);

test.each<[string, (proposal: Proposal) => Promise<unknown>]>([
  ["R12: somebody who owns something else approves", (proposal) => vault.review("jonas", proposal, "COMMENT")],
  ["R12: its author says /rig approve", (proposal) => vault.say("jonas", proposal, `/rig approve ${proposal.headSha.slice(0, 7)}`)],
  ["R12: a guest says /rig approve", (proposal) => vault.say("guest", proposal, `/rig approve ${proposal.headSha}`)],
  ["R12: the owner approves in a quotation", (proposal) => vault.say("maria", proposal, `> /rig approve ${proposal.headSha}`)],
  ["R12: the owner names another commit", (proposal) => vault.say("maria", proposal, `/rig approve ${"b".repeat(40)}`)],
  ["R12: the owner opens another gate", (proposal) => vault.say("maria", proposal, `/rig approve ${proposal.headSha} auth`)],
  ["R12: the owner comments only", (proposal) => vault.review("maria", proposal, "COMMENT", "LGTM")],
  [
    "R13: Review-E's own App approves",
    async (proposal) => {
      const { data } = await asUser(vault.world.github, await vault.reviewToken()).rest.pulls.createReview({
        ...{ ...vault.place, pull_number: proposal.number, commit_id: proposal.headSha, event: "APPROVE", body: "Fine." },
      });
      await vault.settled();
      return data;
    },
  ],
])(
  "%s: the gate stays shut",
  async (_, attempt) => {
    const proposal = await migration();
    await attempt(proposal);
    expect(await stateOf(proposal)).toEqual(shut);
  },
  180_000,
);

test("R12: who pushed last does not approve it, though they own the path", async () => {
  const proposal = await vault.again(await migration(), "maria", write("src/extra.ts", "export const extra = 1;\n"));
  await vault.say("maria", proposal, `/rig approve ${proposal.headSha}`);
  expect(await stateOf(proposal)).toMatchObject({ gates: { schema: "waiting" }, check: "failure" });
}, 180_000);

test("/rig approve by the owner opens it as a review does, and /rig reject shuts it", async () => {
  const proposal = await migration();
  const yes = await vault.say("maria", proposal, `/rig approve ${proposal.headSha.slice(0, 10)} schema`);
  expect(await reactionsTo(yes)).toEqual(["eyes", "rocket"]);
  expect(await stateOf(proposal)).toEqual(open);
  await vault.say("maria", proposal, "/rig reject The column has no default.");
  expect(await stateOf(proposal)).toEqual({ gates: { schema: "rejected" }, check: "action_required" });
}, 180_000);

test("the check's button does what the words do, for whoever may, and for nobody else", async () => {
  const proposal = await migration();
  const press = async (by: string) => {
    vault.world.github.pressCheckButton(vault.fullName, (await vault.check(proposal.headSha))?.id ?? 0, "approve", by);
    await vault.settled();
  };
  await press("guest");
  await press("jonas");
  expect(await stateOf(proposal)).toEqual(shut);
  await press("maria");
  expect(await stateOf(proposal)).toEqual(open);
}, 180_000);

test("the check's other buttons hold it and judge it anew; what is on hold is not green until somebody gives it back", async () => {
  const proposal = await vault.propose({ by: "jonas", change: write("src/held.ts", "export const held = 1;\n") });
  const press = async (button: string) => {
    vault.world.github.pressCheckButton(vault.fullName, (await vault.check(proposal.headSha))?.id ?? 0, button, "jonas");
    await vault.settled();
  };
  await press("recheck");
  expect(await vault.check(proposal.headSha)).toMatchObject({ conclusion: "success" });
  await press("hold");
  expect(await vault.check(proposal.headSha)).toMatchObject({ conclusion: "action_required", title: "On hold: jonas put it on hold." });
  await vault.say("jonas", proposal, "/rig resume");
  expect(await vault.check(proposal.headSha)).toMatchObject({ conclusion: "success" });
}, 180_000);

test("R12b: a push voids the approval, also where what raises the gate stays the same, and says so", async () => {
  const first = await migration();
  await vault.review("maria", first, "APPROVE");
  const second = await vault.again(first, "jonas", write("src/other.ts", "export const other = 2;\n"));
  expect(await stateOf(second)).toEqual(shut);
  const voided = (await vault.rig.events(second.stream)).find(({ type }) => type === "HUMAN_GATE_VOIDED");
  expect(JSON.stringify(voided?.data)).toContain("is the same");
  await vault.review("maria", second, "APPROVE");
  expect(await stateOf(second)).toEqual(open);
}, 180_000);

test("R12b, F34: a rewritten history voids it as well", async () => {
  const first = await migration();
  await vault.review("maria", first, "APPROVE");
  const second = await vault.again(first, "jonas", async ({ git }) => git("reset", "--soft", "HEAD~1"), "--force");
  expect(await stateOf(second)).toEqual(shut);
}, 180_000);

test("R12: a dismissed approval does not count any more, nor one of somebody who may not write any more", async () => {
  const [dismissed, reduced] = [await migration(), await migration()];
  const review_id = await vault.review("maria", dismissed, "APPROVE");
  await vault.as("maria").pulls.dismissReview({ ...vault.place, pull_number: dismissed.number, review_id, message: "Too early." });
  await vault.settled();
  expect(await stateOf(dismissed)).toEqual(shut);

  await vault.review("maria", reduced, "APPROVE");
  vault.world.github.setCollaborator(vault.fullName, "maria", "read");
  await vault.say("jonas", reduced, "/rig recheck");
  expect(await stateOf(reduced)).toEqual(shut);
  vault.world.github.setCollaborator(vault.fullName, "maria", "admin");
}, 180_000);

test("R12: whoever may write and asks for changes shuts it, and no machine takes that back for them", async () => {
  const proposal = await vault.propose({ by: "maria", change: write("db/migrations/m.sql", "alter table orders add column m text;\n") });
  const review_id = await vault.review("jonas", proposal, "REQUEST_CHANGES", "Not like this.");
  expect((await vault.gates(proposal)).schema).toBe("rejected");
  const machine = asUser(vault.world.github, await vault.reviewToken()).rest;
  await machine.pulls.dismissReview({ ...vault.place, pull_number: proposal.number, review_id, message: "It is fine." });
  await vault.settled();
  expect((await vault.gates(proposal)).schema).toBe("rejected");
}, 180_000);

test("who alone owns what they change is told so: nobody can open the gate, and nothing is green", async () => {
  const proposal = await vault.propose({
    by: "maria",
    change: write("db/migrations/alone.sql", "alter table orders add column a text;\n"),
  });
  expect(await vault.check(proposal.headSha)).toMatchObject({
    conclusion: "failure",
    title: expect.stringContaining("@maria made the change and nobody else owns"),
  });
}, 180_000);

test("R14: what a head says about owners and gates has no say over itself", async () => {
  const proposal = await vault.propose({
    by: "jonas",
    change: async (clone) => {
      await write("db/migrations/own.sql", "alter table orders add column own text;\n")(clone);
      await write(".github/CODEOWNERS", "* @jonas\n")(clone);
      await write(".github/rig.yml", "gates: { schema: { enabled: false } }\n")(clone);
    },
  });
  expect(await vault.gates(proposal)).toEqual({ schema: "waiting", rules: "waiting" });
  expect(await vault.check(proposal.headSha, "rig/config")).toMatchObject({ conclusion: "success" });
}, 180_000);

test("R12c: two pull requests of one head into a protected branch are both kept back until one is closed", async () => {
  const first = await vault.propose({ by: "jonas", change: write("src/twin.ts", "export const twin = 1;\n") });
  expect(await vault.check(first.headSha)).toMatchObject({ conclusion: "success" });
  await vault.as("jonas").git.createRef({ ...vault.place, ref: "refs/heads/twin", sha: first.headSha });
  const { data } = await vault.as("jonas").pulls.create({ ...vault.place, title: "Twin", head: "twin", base: "main", body: "Please." });
  await vault.settled();
  expect(await vault.check(first.headSha)).toMatchObject({ conclusion: "failure", title: expect.stringContaining("has the same head") });
  await vault.as("jonas").pulls.update({ ...vault.place, pull_number: data.number, state: "closed" });
  await vault.settled();
  expect(await vault.check(first.headSha)).toMatchObject({ conclusion: "success" });
}, 180_000);

test("R12c: a pull request of the same head into some other branch does not speak for the one into the default branch", async () => {
  const before = await migration();
  const first = await vault.again(before, "jonas", write("src/side.ts", "export const side = 1;\n"));
  const ref = (name: string, sha: string) => vault.as("jonas").git.createRef({ ...vault.place, ref: `refs/heads/${name}`, sha });
  await Promise.all([ref("side", before.headSha), ref("beside", first.headSha)]);
  await vault.as("jonas").pulls.create({ ...vault.place, title: "Nothing of the kind", head: "beside", base: "side", body: "Please." });
  await vault.settled();
  expect(await vault.check(first.headSha)).toMatchObject({ conclusion: "action_required" });
}, 180_000);

test("F35: closed and opened again, it is asked about again", async () => {
  const proposal = await migration();
  await vault.review("maria", proposal, "APPROVE");
  for (const state of ["closed", "open"] as const) {
    await vault.as("jonas").pulls.update({ ...vault.place, pull_number: proposal.number, state });
    await vault.settled();
  }
  expect(await stateOf(proposal)).toEqual(shut);
}, 180_000);

test("/rig explain says what raised the gate, who may open it, and why a review does not count", async () => {
  const proposal = await migration();
  await vault.say("jonas", proposal, `/rig approve ${proposal.headSha}`);
  await vault.say("jonas", proposal, "/rig explain schema");
  const { data } = await vault.as("maria").issues.listComments({ ...vault.place, issue_number: proposal.number, per_page: 100 });
  const answer = data.map(({ body }) => body ?? "").find((body) => body.includes("&gt; jonas") || /^> .*explain schema/m.test(body)) ?? "";
  expect(answer).toMatch(/raises it, and it is waiting/);
  expect(answer).toContain("Who may approve: &#64;maria.");
  expect(answer).toContain("jonas: made the change, or a part of it");
}, 180_000);

test("under a person's pull request the Rig does nothing that is an agent's", async () => {
  const proposal = await migration();
  const comment = await vault.say("jonas", proposal, "/rig retry");
  expect(await reactionsTo(comment)).toEqual(["eyes", "-1"]);
}, 180_000);

// These change the default branch, and so come last.
test("R12b, F30: an approval is void when the default branch names other owners, and without owners nobody opens anything", async () => {
  const proposal = await migration();
  await vault.review("maria", proposal, "APPROVE");
  await vault.commit(write(".github/CODEOWNERS", "* @guest\n"));
  await vault.say("jonas", proposal, "/rig recheck");
  expect((await vault.gates(proposal)).schema).toBe("waiting");
  await vault.commit(async ({ dir }) => rm(join(dir, ".github/CODEOWNERS")));
  await vault.say("jonas", proposal, "/rig recheck");
  expect(await vault.check(proposal.headSha)).toMatchObject({ conclusion: "failure", title: expect.stringContaining("no CODEOWNERS") });
  await vault.commit(write("docs/CODEOWNERS", "* @guest\n"));
  await vault.commit(write("CODEOWNERS", "* @maria\n"));
  await vault.say("jonas", proposal, "/rig recheck");
  expect(await stateOf(proposal)).toEqual(shut);
}, 180_000);

test("R14: an invalid rig.yml keeps the last good one, turns every check red, and what mends it is not kept back", async () => {
  const proposal = await migration();
  await vault.commit(write(".github/rig.yml", "gates: { schema: { enabled: 3 } }\n"));
  await vault.say("jonas", proposal, "/rig recheck");
  expect(await vault.check(proposal.headSha)).toMatchObject({
    conclusion: "failure",
    title: expect.stringContaining("rig.yml on the default branch is not valid"),
  });
  const mends = await vault.propose({ by: "jonas", change: write(".github/rig.yml", RIG) });
  expect(await vault.check(mends.headSha)).toMatchObject({ conclusion: "action_required" });
  await vault.review("maria", mends, "APPROVE");
  expect(await vault.check(mends.headSha)).toMatchObject({ conclusion: "success" });
  const wrong = await vault.propose({ by: "jonas", change: write(".github/rig.yml", "strikes: none\n") });
  expect(await vault.check(wrong.headSha, "rig/config")).toMatchObject({ conclusion: "failure" });
}, 180_000);

test("nobody asked for anything that GitHub or Discord would not take", () => {
  expect(vault.world.violations()).toEqual([]);
});
