import { expect, test } from "@jest/globals";
import { settle } from "../../app/rules/index.ts";
import { at, concluded, type History, pr, review, said, scene, seenPr, sha, toOpen, toReviewed } from "./stage.ts";

const migration = { complete: true, files: [{ path: "db/migrations/1.sql", added: [], removed: [], readable: true }] };
const byMaria = (more: object = {}) =>
  review({ id: 9, by: "maria", byId: 30, byType: "User", canWrite: true, submittedAt: at(40), ...more });
const seen = (reviews = [review()], more: object = {}) => ({ pullRequest: seenPr({ changes: migration, reviews, ...more }) });
const triggered = said("HUMAN_GATE_TRIGGERED", {
  prNumber: pr,
  headSha: sha("a"),
  gate: "schema",
  evidence: [{ path: "db/migrations/1.sql", because: "it is a migration" }],
  approvers: ["@maria"],
});
const waiting: History = [...toReviewed, [21, triggered]];

test("a migration raises the gate and blocks the merge", () => {
  const { events } = settle(scene({ history: toReviewed, minute: 21, seen: seen() }));
  expect(events).toMatchObject([
    { type: "HUMAN_GATE_TRIGGERED", data: { gate: "schema", approvers: ["@maria"], headSha: sha("a") } },
    { type: "MERGE_BLOCKED" },
  ]);
});

test("the gate is raised as soon as the pull request is there, before anybody reads it", () => {
  expect(concluded({ history: toOpen, minute: 12, seen: seen([], { checks: { state: "pending", names: ["test"], failed: [] } }) })).toEqual(
    ["HUMAN_GATE_TRIGGERED"],
  );
});

test("R13: Review-E's approval does not open it", () => {
  expect(
    concluded({
      history: [...waiting, [21, said("MERGE_BLOCKED", { prNumber: pr, headSha: sha("a"), reasons: ["Waiting for a person: schema."] })]],
      minute: 22,
      seen: seen(),
    }),
  ).toEqual([]);
});

test("the code owner's approval of the head opens it, and the merge follows", () => {
  expect(concluded({ history: waiting, minute: 41, seen: seen([review(), byMaria()]) })).toEqual([
    "HUMAN_GATE_APPROVED",
    "MERGE_REQUESTED",
  ]);
});

test("R12b: the next push voids the approval and asks again", () => {
  const approvedGate: History = [
    ...waiting,
    [40, said("HUMAN_GATE_APPROVED", { prNumber: pr, headSha: sha("a"), gate: "schema", by: "maria", reviewId: 9 })],
  ];
  const pushed = seen([review(), byMaria()], { headSha: sha("b"), checks: { state: "pending", names: ["test"], failed: [] } });
  expect(concluded({ history: approvedGate, minute: 42, seen: pushed })).toEqual([
    "PR_UPDATED",
    "HUMAN_GATE_VOIDED",
    "HUMAN_GATE_TRIGGERED",
  ]);
});

test("R12b: a gate that still waits is asked anew for the next head", () => {
  const pushed = seen([review()], { headSha: sha("b"), checks: { state: "pending", names: ["test"], failed: [] } });
  const { scene: after } = settle(scene({ history: waiting, minute: 42, seen: pushed }));
  expect(after.issue.gates).toMatchObject([{ name: "schema", state: "waiting", headSha: sha("b") }]);
});

test("R12b: a dismissed approval voids it", () => {
  const approvedGate: History = [
    ...waiting,
    [40, said("HUMAN_GATE_APPROVED", { prNumber: pr, headSha: sha("a"), gate: "schema", by: "maria", reviewId: 9 })],
  ];
  expect(concluded({ history: approvedGate, minute: 42, seen: seen([review(), byMaria({ state: "DISMISSED" })]) }).slice(0, 2)).toEqual([
    "HUMAN_GATE_VOIDED",
    "HUMAN_GATE_TRIGGERED",
  ]);
});

test.each([
  ["missing", { owners: { faulty: false } }],
  ["faulty", { owners: { text: "* @maria", faulty: true } }],
])("R12c: with CODEOWNERS %s nobody opens it", (_, owners) => {
  expect(concluded({ history: waiting, minute: 41, seen: seen([review(), byMaria()], owners) })).not.toContain("HUMAN_GATE_APPROVED");
});

test.each([
  ["says nothing before half an hour", 50, [], at(51)],
  ["reminds at half an hour", 51, ["HUMAN_GATE_REMINDER"], at(81)],
  ["says one reminder for all that were missed", 150, ["HUMAN_GATE_REMINDER"], at(171)],
  ["asks the CTO at four hours, and again half an hour later", 261, ["ESCALATED"], at(291)],
] as const)("a waiting gate %s", (_, minute, types, wakeAt) => {
  const blocked: History = [
    ...waiting,
    [21, said("MERGE_BLOCKED", { prNumber: pr, headSha: sha("a"), reasons: ["Waiting for a person: schema."] })],
  ];
  const settled = settle(scene({ history: blocked, minute, seen: seen() }));
  expect(settled.events.map(({ type }) => type)).toEqual(types);
  expect(settled.wakeAt).toEqual(wakeAt);
});

test("a gate that went to the CTO still opens by its owner", () => {
  const escalated: History = [...waiting, [261, said("ESCALATED", { level: "cto", about: "gate", reason: "r", attempts: 1, options: [] })]];
  expect(concluded({ history: escalated, minute: 300, seen: seen([review(), byMaria({ submittedAt: at(299) })]) })).toEqual([
    "HUMAN_GATE_APPROVED",
    "MERGE_REQUESTED",
  ]);
});
