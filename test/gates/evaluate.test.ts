import { expect, test } from "@jest/globals";
import type { ReviewFact } from "../../app/gates/approval.ts";
import { evaluate, type PullRequestFacts, type Standing } from "../../app/gates/evaluate.ts";
import type { Change } from "../../app/gates/gate.ts";

const head = "a".repeat(40);
const change = (path: string): Change => ({ path, mode: "100644", head: "", added: [], removed: [] });
const facts = (more: Partial<PullRequestFacts> = {}): PullRequestFacts => ({
  headSha: head,
  changes: { complete: true, files: [change("db/migrations/1.sql")] },
  owners: { path: "CODEOWNERS", text: "* @jonas\n/db/ @maria", errors: [] },
  teams: {},
  reviews: [],
  madeBy: ["rig[bot]"],
  siblings: [],
  ...more,
});
const standing: Standing = { settings: {}, ours: [900], openedAt: {}, faults: [] };
const maria: ReviewFact = {
  ...{ id: 1, by: "maria", byId: 30, byType: "User", state: "APPROVED", commitId: head, body: "", canWrite: true },
  submittedAt: new Date("2026-11-22T09:30:00Z"),
};

test("nothing raised is a success, and names every gate that was asked", () => {
  const { state, raised, asked } = evaluate(facts({ changes: { complete: true, files: [change("src/sum.ts")] } }), standing);
  expect([state, raised]).toEqual(["success", []]);
  expect(asked.map(({ name }) => name)).toEqual(["auth", "payments", "schema", "deletion", "dependencies", "rules"]);
});

test("a gate waits, opens by its owner, and is closed by whoever may write and objects", () => {
  const lena = { ...maria, id: 2, by: "lena", byId: 31, state: "CHANGES_REQUESTED" } satisfies ReviewFact;
  expect(evaluate(facts(), standing)).toMatchObject({ state: "waiting", raised: [{ approvers: ["@maria"] }] });
  expect(evaluate(facts({ reviews: [maria] }), standing).state).toBe("success");
  expect(evaluate(facts({ reviews: [maria, lena] }), standing).state).toBe("rejected");
});

test.each<[string, Partial<PullRequestFacts>, RegExp]>([
  ["files could not be read", { changes: { complete: false, because: "it has 3,400 files", files: [] } }, /3,400 files/],
  ["not everybody who made it is known", { makersUnknown: "GitHub lists 250 of 300 commits." }, /250 of 300/],
  ["another pull request has the same head", { siblings: [8, 9] }, /#8, #9 has the same head/],
  ["there is no CODEOWNERS", { owners: { errors: [] } }, /no CODEOWNERS file/],
  ["CODEOWNERS could not be read", { owners: { errors: [], unreadable: "it is a symlink" } }, /it is a symlink/],
  ["CODEOWNERS has three megabytes", { owners: { text: `* @maria\n${"#".repeat(3 * 1024 * 1024)}`, errors: [] } }, /3 MB/],
  [
    "GitHub finds fault with the line that decides",
    { owners: { text: "* @maria", errors: [{ line: 1, message: "Unknown owner" }] } },
    /Line 1 .*Unknown owner/,
  ],
  ["a line that is about it is not valid", { owners: { text: "* @maria\n/db/ maria", errors: [] } }, /Line 2 .*not valid/],
  ["nobody owns it", { owners: { text: "/src/ @maria", errors: [] } }, /names no owner for db\/migrations\/1.sql/],
  ["only those who made it own it", { madeBy: ["maria"] }, /@maria made the change and nobody else owns/],
])("R12c: it fails closed where %s, whoever approves", (_, more, because) => {
  const { state, obstacles } = evaluate(facts({ reviews: [maria], ...more }), standing);
  expect(state).toBe("blocked");
  expect(obstacles.join(" ")).toMatch(because);
});

test.each<[string, Partial<PullRequestFacts>]>([
  ["a fault in a line about other paths", { owners: { text: "* @maria\n/docs/ @gone", errors: [{ line: 2, message: "Unknown owner" }] } }],
  ["an invalid line about other paths", { owners: { text: "* @maria\n/docs/ nobody", errors: [] } }],
])("%s is in nobody's way", (_, more) => {
  expect(evaluate(facts({ reviews: [maria], ...more }), standing).state).toBe("success");
});

test("what is wrong with the repository itself keeps everything shut, also where no gate is raised", () => {
  const quiet = facts({ changes: { complete: true, files: [] } });
  expect(evaluate(quiet, { ...standing, faults: ["main may be force-pushed."] })).toMatchObject({
    state: "blocked",
    obstacles: ["main may be force-pushed."],
  });
});

test("whom a repository names for a gate opens it where CODEOWNERS names nobody", () => {
  const settings = { schema: { enabled: true, approvers: ["@maria"] } };
  const nobody = { owners: { errors: [] }, reviews: [maria] };
  expect(evaluate(facts(nobody), { ...standing, settings }).state).toBe("success");
  expect(evaluate(facts({ ...nobody, madeBy: ["maria"] }), { ...standing, settings }).state).toBe("blocked");
});

test("one who asked and approves alone is shown as that", () => {
  const asked = { ...standing, requester: { login: "Maria", mayApprove: true } };
  expect(evaluate(facts({ reviews: [maria] }), asked)).toMatchObject({ state: "success", raised: [{ solo: "Maria" }] });
  const two = { owners: { text: "* @maria @jonas", errors: [] }, reviews: [maria] };
  expect(evaluate(facts(two), asked).raised[0]).not.toHaveProperty("solo");
});

test("the hash of the evidence is the same in every order of the files, and another one for other evidence", () => {
  const [first, second] = [change("db/migrations/1.sql"), change("db/migrations/2.sql")];
  const hashOf = (...files: Change[]) => evaluate(facts({ changes: { complete: true, files } }), standing).raised[0]?.hash;
  expect(hashOf(first, second)).toBe(hashOf(second, first));
  expect(hashOf(first)).not.toBe(hashOf(first, second));
});
