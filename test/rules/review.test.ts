import { expect, test } from "@jest/globals";
import { evolve } from "../../app/domain/evolve.ts";
import type { SeenReview } from "../../app/domain/seen.ts";
import { settle } from "../../app/rules/index.ts";
import {
  at,
  concluded,
  finished,
  type History,
  pr,
  requested,
  review,
  reviewer,
  rig,
  said,
  scene,
  seenPr,
  sha,
  started,
  toOpen,
  toReviewed,
} from "./stage.ts";

const head = sha("a");
const reading: History = [
  ...toOpen,
  [12, said("CI_PASSED", { prNumber: pr, headSha: head, checks: ["test"] })],
  [13, said("REVIEW_REQUESTED", { prNumber: pr, headSha: head, iteration: 1 })],
  [13, requested("review", 2, head)],
  [14, started(2)],
  [15, finished(2, "review")],
];
const abstains = (id: number, more: Partial<SeenReview> = {}) =>
  review({
    id,
    state: "COMMENTED",
    body: "I cannot see the device.",
    submittedAt: at(16),
    machine: { abstains: true, revisited: {} },
    ...more,
  });
const look = (history: History, minute: number, ...reviews: readonly SeenReview[]) =>
  settle(scene({ history, minute, seen: { pullRequest: seenPr({ reviews }) } }));

/** Another has read it since, and its words are to be seen now. */
const toSecond: History = [
  ...reading,
  [16, said("REVIEW_ABSTAINED", { prNumber: pr, headSha: head, reviewer: "review-e[bot]", reviewId: 3, why: "No device." })],
  [17, requested("review", 4, head)],
  [18, started(4)],
  [20, finished(4, "review")],
];

test("where Review-E abstains, another instance is asked, once", () => {
  const { events } = look(reading, 17, abstains(3));
  expect(events).toMatchObject([
    { type: "REVIEW_ABSTAINED", data: { reviewId: 3, why: "I cannot see the device." }, actor: { kind: "agent" } },
    { type: "RUN_REQUESTED", data: { kind: "review", agentId: "review-e-2" } },
  ]);
});

test("with one instance it is asked again itself", () => {
  const alone = { agents: { "review-e": { maxConcurrent: 1 } } };
  const { events } = settle(
    scene({ history: reading, minute: 17, policy: alone, seen: { pullRequest: seenPr({ reviews: [abstains(3)] }) } }),
  );
  expect(events.at(-1)).toMatchObject({ type: "RUN_REQUESTED", data: { agentId: "review-e" } });
});

test("the second abstention is a person's, who may have it tried again", () => {
  const { events, scene: after } = look(toSecond, 22, abstains(3), abstains(4, { submittedAt: at(21) }));
  expect(events).toMatchObject([
    { type: "REVIEW_ABSTAINED", data: { reviewId: 4 } },
    { type: "ESCALATED", data: { about: "review", options: ["retry", "overrule", "close"] } },
  ]);
  const retried = evolve(after.issue, said("ESCALATION_RESOLVED", { by: "maria", decision: "retry" }), at(30));
  expect(settle({ ...after, issue: retried, now: at(30) }).events).toMatchObject([
    { type: "RUN_REQUESTED", data: { kind: "review", agentId: "review-e" } },
  ]);
});

test.each<[string, Partial<SeenReview>]>([
  ["another Bot", { byId: 77 }],
  ["the producer's own App", { byId: rig }],
  ["a person named like it", { byId: 78, byType: "User", canWrite: true, by: "review-e[bot]" }],
])("R13: by its id %s is not Review-E: neither its yes nor its abstention counts", (_, who) => {
  expect(look(reading, 16, review(who)).events).toEqual([]);
  expect(look(reading, 16, abstains(3, who)).events).toEqual([]);
  expect(look(reading, 16, review({ byId: reviewer, by: "somebody-else" })).events[0]).toMatchObject({ type: "REVIEW_PASSED" });
});

const remark = { id: "c60", by: "maria", path: "src/rounding.mjs", line: 1, text: "Name it better." };
const byMaria = (more: Partial<SeenReview> = {}) =>
  review({
    id: 9,
    by: "maria",
    byId: 30,
    byType: "User",
    canWrite: true,
    state: "COMMENTED",
    submittedAt: at(40),
    findings: [remark],
    ...more,
  });

test("a person's remarks on lines send the author back, as a request for changes does", () => {
  expect(look(toReviewed, 41, review(), byMaria()).events).toMatchObject([
    { type: "REVIEW_CHANGES_REQUESTED", data: { reviewer: "maria", byPerson: true, findings: [remark] }, actor: { kind: "human" } },
    { type: "RUN_REQUESTED", data: { kind: "answer-review", findings: [remark] } },
  ]);
});

test("what several people ask for is answered together, each finding by its id", () => {
  const spoken = byMaria({ id: 10, by: "lena", byId: 50, submittedAt: at(41), findings: [{ id: "i10", by: "lena", text: "And a test." }] });
  expect(look(toReviewed, 42, review(), byMaria(), spoken).events[0]).toMatchObject({ data: { findings: [{ id: "c60" }, { id: "i10" }] } });
});

test.each<[string, Partial<SeenReview>]>([
  ["a stranger's remarks", { canWrite: false }],
  ["a Bot's remarks", { byType: "Bot" }],
  ["words without a place", { findings: [] }],
  ["remarks on a head of the past", { commitId: sha("9") }],
])("%s drive nobody", (_, more) => {
  expect(concluded({ history: toReviewed, minute: 41, seen: { pullRequest: seenPr({ reviews: [review(), byMaria(more)] }) } })).toEqual([
    "MERGE_REQUESTED",
  ]);
});

test("whoever approves afterwards has taken the remarks back, and Review-E's word counts again", () => {
  const first = look(toReviewed, 41, review(), byMaria()).scene;
  const yes = byMaria({ id: 11, state: "APPROVED", findings: [], submittedAt: at(50) });
  const reviews = [review(), byMaria(), yes];
  const { events } = settle({ ...first, now: at(51), seen: { ...first.seen, pullRequest: seenPr({ reviews }) } });
  expect(events[0]).toMatchObject({ type: "REVIEW_PASSED" });
});
