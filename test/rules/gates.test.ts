import { expect, test } from "@jest/globals";
import type { EventData } from "../../app/domain/events.ts";
import { settle } from "../../app/rules/index.ts";
import {
  at,
  concluded,
  file,
  type History,
  approved as handedOver,
  migration,
  person,
  pr,
  raising,
  review,
  said,
  scene,
  seenIssue,
  seenPr,
  sha,
  toOpen,
  toReviewed,
} from "./stage.ts";

const byMaria = (more: object = {}) =>
  review({ id: 9, by: "maria", byId: 30, byType: "User", canWrite: true, submittedAt: at(40), ...more });
const seen = (reviews = [review()], more: object = {}) => ({ pullRequest: seenPr({ changes: migration, reviews, ...more }) });
const triggered = raising(seenPr({ changes: migration }), "schema");
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

const opened: History = [
  ...waiting,
  [40, said("HUMAN_GATE_APPROVED", { prNumber: pr, headSha: sha("a"), gate: "schema", by: "maria", reviewId: 9 })],
];

test("R12b: after a push that leaves the evidence as it was, the gate asks again and says so", () => {
  const pushed = seen([review(), byMaria()], { headSha: sha("b"), checks: { state: "pending", names: ["test"], failed: [] } });
  const { events } = settle(scene({ history: opened, minute: 42, seen: pushed }));
  expect(events).toMatchObject([
    { type: "PR_UPDATED" },
    { type: "HUMAN_GATE_VOIDED", data: { reason: expect.stringContaining("is the same") } },
    { type: "HUMAN_GATE_TRIGGERED", data: { sameAs: { headSha: sha("a"), approvedBy: "maria" } } },
  ]);
});

test("R12b: where the base moves what raises a gate, the approval of the same head is void", () => {
  const changes = { complete: true, files: [...migration.files, file("db/migrations/2.sql", "-- more")] };
  expect(concluded({ history: opened, minute: 42, seen: seen([review(), byMaria()], { changes }) }).slice(0, 2)).toEqual([
    "HUMAN_GATE_VOIDED",
    "HUMAN_GATE_TRIGGERED",
  ]);
});

test.each<[string, object]>([
  ["an approver loses the right to write", { reviews: [review(), byMaria({ canWrite: false })] }],
  ["the default branch names other owners", { owners: { text: "* @jonas", errors: [] } }],
  ["the approver turns out to have pushed", { madeBy: ["rig[bot]", "maria"] }],
])("R12b: an approval is void when %s", (_, more) => {
  const reviews = [review(), byMaria()];
  expect(concluded({ history: opened, minute: 42, seen: { pullRequest: seenPr({ changes: migration, reviews, ...more }) } })).toContain(
    "HUMAN_GATE_VOIDED",
  );
});

test.each<[string, object]>([
  ["not every file could be read (F28)", { changes: { complete: false, because: "it has 3,400 files", files: [] } }],
  ["another pull request has the same head", { siblings: [8] }],
  ["not everybody who made it is known", { makersUnknown: "GitHub lists 250 commits of 300." }],
])("R12c: nothing merges when %s, whoever approved", (_, more) => {
  expect(concluded({ history: opened, minute: 42, seen: seen([review(), byMaria()], more) })).not.toContain("MERGE_REQUESTED");
});

test("R16: nothing merges while the branch's protection is not what it was", () => {
  const well = scene({ history: opened, minute: 42, seen: seen([review(), byMaria()]) });
  expect(settle(well).events.map(({ type }) => type)).toContain("MERGE_REQUESTED");
  expect(settle({ ...well, faults: ["main may be force-pushed."] }).events.map(({ type }) => type)).not.toContain("MERGE_REQUESTED");
});

test("who asked for a change may approve it, which is shown where nobody else could, and may not where the repository says so", () => {
  const alone = [...toReviewed.map(([minute, event]) => [minute, event === handedOver ? asked : event] as const), [21, triggered] as const];
  const look = {
    history: alone,
    minute: 41,
    seen: { ...seen([review(), byMaria()]), issue: { ...seenIssue, trigger: { ...person, by: "maria" } } },
  };
  expect(settle(scene(look)).events).toContainEqual(
    expect.objectContaining({ type: "HUMAN_GATE_APPROVED", data: expect.objectContaining({ alsoRequested: true, waitedMinutes: 19 }) }),
  );
  expect(concluded({ ...look, policy: { gateApproval: { byRequester: false } } })).not.toContain("HUMAN_GATE_APPROVED");
});
const asked = said("ISSUE_APPROVED", { ...(handedOver.data as EventData<"ISSUE_APPROVED">), approvedBy: "maria" });

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
  ["missing", { owners: { errors: [] } }],
  ["of three megabytes", { owners: { text: `* @maria\n${"#".repeat(3 * 1024 * 1024)}`, errors: [] } }],
  ["unreadable", { owners: { text: "* @maria", errors: [], unreadable: "it is too large" } }],
  ["faulty in the line that decides", { owners: { text: "* @maria", errors: [{ line: 1, message: "Unknown owner" }] } }],
  ["naming nobody", { owners: { text: "src/ @maria", errors: [] } }],
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
