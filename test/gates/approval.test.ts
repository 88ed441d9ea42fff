/** R12, one line a condition: take the condition out, and its line fails. */
import { expect, test } from "@jest/globals";
import { type ApprovalFacts, approversOf, judge, type ReviewFact } from "../../app/gates/approval.ts";
import { type Owners, readOwners } from "../../app/gates/codeowners.ts";

const head = "a".repeat(40);
function ownersIn(text: string): Owners {
  const owners = readOwners(text);
  if (!owners) throw new Error("The file counts.");
  return owners;
}
const judged = (...args: Parameters<typeof facts>) => judge(facts(...args)).judgement;

const opened = new Date("2026-11-22T09:00:00.400Z");
const after = new Date("2026-11-22T09:30:00Z");
const approval: ReviewFact = {
  id: 1,
  by: "Maria",
  byId: 10,
  byType: "User",
  state: "APPROVED",
  commitId: head,
  submittedAt: after,
  body: "",
  canWrite: true,
};
const facts = (more: Partial<ApprovalFacts> = {}, ...reviews: Partial<ReviewFact>[]): ApprovalFacts => ({
  gate: "schema",
  headSha: head,
  openedAt: opened,
  paths: ["db/1.sql"],
  owners: ownersIn("db/ @maria @acme/dba\nsrc/ @jonas"),
  teams: {},
  reviews: reviews.map((review) => ({ ...approval, ...review })),
  madeBy: ["rig[bot]"],
  ours: [900, 901],
  ...more,
});

test("a code owner's approval of the head opens it", () => {
  expect(judged({}, {})).toEqual({ state: "approved", by: ["Maria"], reviewId: 1 });
});

test("an approval in the very second the gate opened counts: GitHub's times have no fractions", () => {
  expect(judged({}, { submittedAt: new Date("2026-11-22T09:00:00Z") })).toMatchObject({ state: "approved" });
});

test.each<[string, Partial<ApprovalFacts>, Partial<ReviewFact>[]]>([
  ["nobody's word", {}, []],
  ["an approval of another head", {}, [{ commitId: "b".repeat(40) }]],
  ["an approval from before the gate opened", {}, [{ submittedAt: new Date("2026-11-22T08:59:59Z") }]],
  ["a bot's approval", {}, [{ byType: "Bot" }]],
  ["the Rig's own approval, even if GitHub called it a person", {}, [{ byId: 901 }]],
  ["an approval by somebody who may no longer write", {}, [{ canWrite: false }]],
  ["an approval by somebody who owns something else", {}, [{ by: "jonas" }]],
  ["an approval by somebody who made the change", { madeBy: ["maria"] }, [{}]],
  ["a dismissed approval", {}, [{ state: "DISMISSED" }]],
  ["a comment", {}, [{ state: "COMMENTED" }]],
  ["one owner where another path needs another", { paths: ["db/1.sql", "src/a.ts"] }, [{}]],
  ["a team that nobody was read to be in", { owners: ownersIn("db/ @acme/dba") }, [{}]],
  ["an approval where nobody owns the path", { owners: ownersIn("docs/ @maria") }, [{}]],
])("%s leaves it waiting", (_, more, reviews) => {
  expect(judged(more, ...reviews).state).toBe("waiting");
});

test("a member of an owning team opens it", () => {
  expect(judged({ owners: ownersIn("db/ @acme/dba"), teams: { "@acme/dba": ["maria"] } }, {})).toMatchObject({
    state: "approved",
  });
});

test("two owners together cover what each alone does not", () => {
  expect(judged({ paths: ["db/1.sql", "src/a.ts"] }, {}, { id: 2, by: "jonas", byId: 11 })).toMatchObject({ state: "approved" });
});

test("a person with write permission who wants changes blocks it, whoever approves", () => {
  expect(judged({}, {}, { id: 2, by: "lena", byId: 12, state: "CHANGES_REQUESTED", body: "no" })).toEqual({
    state: "rejected",
    by: "lena",
    reason: "no",
  });
});

test("their later approval takes it back, a later comment does not", () => {
  const no = { id: 2, by: "lena", byId: 12, state: "CHANGES_REQUESTED" as const };
  const later = new Date("2026-11-22T10:00:00Z");
  expect(judged({}, {}, no, { ...no, id: 3, state: "APPROVED", submittedAt: later }).state).toBe("approved");
  expect(judged({}, {}, no, { ...no, id: 3, state: "COMMENTED", submittedAt: later }).state).toBe("rejected");
});

test("a stranger who wants changes blocks nothing", () => {
  expect(judged({}, {}, { id: 2, by: "guest", byId: 13, state: "CHANGES_REQUESTED", canWrite: false }).state).toBe("approved");
});

test("who may approve are the owners that did not make the change", () => {
  expect(approversOf(facts({ madeBy: ["maria"] }))).toEqual(["@acme/dba"]);
});

test("whom the repository names for a gate opens it in place of the code owners, and they do not any more", () => {
  const named = { approvers: ["@kari"] };
  expect(judged(named, {}).state).toBe("waiting");
  expect(judged(named, { by: "Kari", byId: 31 })).toMatchObject({ state: "approved" });
});

test("a request for changes that a machine dismissed still stands, and one that a person dismissed does not", () => {
  const no = { id: 2, by: "lena", byId: 12, state: "DISMISSED" as const };
  expect(judged({}, {}, { ...no, dismissedByMachine: true }).state).toBe("rejected");
  expect(judged({}, {}, no).state).toBe("approved");
});

test("a word about other gates decides nothing here", () => {
  expect(judged({}, { gates: ["auth"] }).state).toBe("waiting");
  expect(judged({}, { gates: ["auth", "schema"] }).state).toBe("approved");
  expect(judged({}, {}, { id: 2, by: "lena", byId: 12, state: "CHANGES_REQUESTED", gates: ["auth"] }).state).toBe("approved");
});

test("who asked for the change does not approve it where the repository wants another", () => {
  expect(judged({ requester: "MARIA" }, {}).state).toBe("waiting");
  expect(approversOf(facts({ requester: "maria" }))).toEqual(["@acme/dba"]);
});

test("every review is weighed, and says why it does not count", () => {
  const { reviews } = judge(facts({}, { commitId: "b".repeat(40) }, { id: 2, by: "jonas", byId: 11 }));
  expect(reviews).toEqual([
    { by: "Maria", said: "APPROVED", counts: false, because: "is about bbbbbbb, not about this head" },
    { by: "jonas", said: "APPROVED", counts: false, because: "owns none of the paths that raised it" },
  ]);
});
