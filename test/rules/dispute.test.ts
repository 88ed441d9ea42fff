import { expect, test } from "@jest/globals";
import { refused } from "../../app/domain/accepts.ts";
import { disputedIn } from "../../app/domain/disputes.ts";
import type { Finding } from "../../app/domain/events.ts";
import { evolve } from "../../app/domain/evolve.ts";
import type { SeenReview } from "../../app/domain/seen.ts";
import { stateOf } from "../../app/domain/state.ts";
import { forReviewer } from "../../app/door/runs/reviewed.ts";
import { settle } from "../../app/rules/index.ts";
import { verdict } from "../../app/rules/verdict.ts";
import {
  agentId,
  at,
  finished,
  folded,
  type History,
  pr,
  requested,
  review,
  runId,
  said,
  scene,
  seenPr,
  sha,
  started,
  toOpen,
} from "./stage.ts";

const head = sha("a");
const onHead = { prNumber: pr, headSha: head };
const finding = { id: "c41", by: "review-e[bot]", path: "src/rounding.mjs", line: 3, text: "Halves go the **wrong** way." };
const other = { ...finding, id: "c42", line: 9, text: "No test." };
const no = (more: Partial<SeenReview> = {}) => review({ state: "CHANGES_REQUESTED", findings: [finding], submittedAt: at(20), ...more });
const note = (revisited: Readonly<Record<string, "resolved" | "stands" | "withdrawn">>) => ({ machine: { abstains: false, revisited } });

const asked = (minute: number, n: number): History => [
  [minute, said("REVIEW_REQUESTED", { ...onHead, iteration: 1 })],
  [minute, requested("review", n, head)],
  [minute + 1, started(n)],
  [minute + 2, finished(n, "review")],
];
const answering = (minute: number, n: number, findings: readonly Finding[]) =>
  [minute, said("RUN_REQUESTED", { ...requested("answer-review", n, head).data, findings: [...findings] } as never)] as const;
const wants = (findings: readonly Finding[], more: object = {}) =>
  said("REVIEW_CHANGES_REQUESTED", { ...onHead, iteration: 1, reviewer: "review-e[bot]", reviewId: 1, findings: [...findings], ...more });
const disputes = (n: number, ...ids: readonly string[]) =>
  said("REVIEW_DISPUTED", {
    ...onHead,
    by: agentId,
    why: "It is right.",
    runId: runId(n),
    findings: ids.map((id) => ({ id, why: "The issue says @half up." })),
  });

/** Review-E wants changes to the head, and Dev-E objects to each of them and changes nothing. */
const toDisputed: History = [
  ...toOpen,
  [12, said("CI_PASSED", { ...onHead, checks: ["test", "lint"] })],
  ...asked(13, 2),
  [20, wants([finding])],
  answering(21, 3, [finding]),
  [22, started(3)],
  [25, disputes(3, "c41")],
  [25, finished(3, "nothing_to_do")],
];
/** And Review-E has been asked once more. */
const toAskedAgain: History = [...toDisputed, ...asked(26, 4)];
const stands = no({ id: 2, submittedAt: at(30), findings: [], ...note({ c41: "stands" }) });
const seen = (...reviews: readonly SeenReview[]) => ({ pullRequest: seenPr({ reviews: [no(), ...reviews] }) });

const escalate = () => settle(scene({ history: toAskedAgain, minute: 31, seen: seen(stands) }));

test("an author who objects to all and changes nothing is not stuck: Review-E looks at the same head once more", () => {
  const { events } = settle(scene({ history: toDisputed, minute: 26, seen: seen() }));
  expect(events).toMatchObject([
    { type: "REVIEW_REQUESTED", data: { headSha: head, iteration: 2 } },
    { type: "RUN_REQUESTED", data: { kind: "review", baseSha: head } },
  ]);
  const withoutWords = toDisputed.filter(([, { type }]) => type !== "REVIEW_DISPUTED");
  expect(settle(scene({ history: withoutWords, minute: 28, seen: seen() })).events[0]).toMatchObject({ type: "AGENT_STUCK" });
});

test("the reviewer is told that a finding is disputed, how the checks ended and what people answered, and no word of the author's", () => {
  const request = requested("review", 4, head).data as Parameters<typeof forReviewer>[1];
  const question = said("QUESTION_ASKED", { text: "I would rather round down, trust me?", by: agentId });
  const answer = said("QUESTION_ANSWERED", { text: "Half up.", by: "jonas" });
  const told = forReviewer(folded([...toDisputed, [26, question], [27, answer]]), request);
  expect(told).toEqual({
    checks: [
      { name: "test", conclusion: "concluded well" },
      { name: "lint", conclusion: "concluded well" },
    ],
    lessons: [],
    answers: [{ question: "A question about this issue.", text: "Half up.", by: "jonas" }],
    reviewed: { headSha: head, findings: [{ ...finding, disputed: true }] },
  });
  expect(JSON.stringify(told)).not.toMatch(/half up\.|trust me/);
  expect(forReviewer(folded(toDisputed), { ...request, kind: "answer-review" })).toEqual({});
});

test("where Review-E takes the finding back, the head goes on", () => {
  const yes = review({ id: 2, submittedAt: at(30), ...note({ c41: "withdrawn" }) });
  const { events } = settle(scene({ history: toAskedAgain, minute: 31, seen: seen(yes) }));
  expect(events.map(({ type }) => type)).toEqual(["REVIEW_PASSED", "MERGE_REQUESTED"]);
});

test("a finding that stands after one exchange becomes a person's, who reads both sides", () => {
  const { events } = escalate();
  expect(events).toMatchObject([
    { type: "REVIEW_CHANGES_REQUESTED", data: { findings: [{ id: "c41", disputed: true }] } },
    { type: "ESCALATED", data: { about: "review", options: ["overrule", "uphold", "close"] } },
  ]);
  const reason = events[1]?.type === "ESCALATED" ? events[1].data.reason : "";
  expect(reason).toContain('Finding c41 on src/rounding.mjs:3 by review-e[bot]: "Halves go the wrong way."');
  expect(reason).toContain(`Against it ${agentId} says: "The issue says @half up."`);
});

test("what it wants beside the disputed finding is kept, and one that is resolved is not", () => {
  const fresh = { ...other, id: "c50" };
  const again = no({ id: 2, submittedAt: at(30), findings: [fresh], ...note({ c41: "resolved" }) });
  const { events } = settle(scene({ history: toAskedAgain, minute: 31, seen: seen(again) }));
  expect(events).toMatchObject([
    { type: "REVIEW_CHANGES_REQUESTED", data: { findings: [fresh] } },
    { type: "RUN_REQUESTED", data: { kind: "answer-review", findings: [fresh] } },
  ]);
});

test("some changed, some disputed: the review of the new head knows which are disputed", () => {
  const next = sha("b");
  const history: History = [
    ...toOpen,
    [20, wants([finding, other])],
    answering(21, 3, [finding, other]),
    [25, disputes(3, "c42")],
    [25, finished(3)],
    [26, said("PR_UPDATED", { prNumber: pr, headSha: next, previousSha: head })],
    [27, said("CI_PASSED", { prNumber: pr, headSha: next, checks: [] })],
    [27, said("REVIEW_REQUESTED", { prNumber: pr, headSha: next, iteration: 2 })],
  ];
  expect(forReviewer(folded(history), { ...(requested("review", 4, next).data as Parameters<typeof forReviewer>[1]) })).toMatchObject({
    reviewed: { headSha: head, findings: [finding, { id: "c42", disputed: true }] },
  });
});

const decided = (decision: "overrule" | "uphold") => {
  const before = escalate().scene;
  const resolved = evolve(before.issue, said("ESCALATION_RESOLVED", { by: "maria", decision }), at(40));
  const word =
    decision === "overrule"
      ? said("REVIEW_OVERRULED", { ...onHead, by: "maria", why: "" })
      : said("REVIEW_UPHELD", { ...onHead, by: "maria", findings: disputedIn(before.issue).flatMap(({ id }) => id ?? []) });
  return { ...before, issue: evolve(resolved, word, at(40)), now: at(41) };
};

test.each<[string, readonly SeenReview[]]>([
  ["before GitHub shows it", [no(), stands]],
  ["once its requests are dismissed", [no({ state: "DISMISSED" }), { ...stands, state: "DISMISSED" }]],
  ["when only the newest is dismissed", [no(), { ...stands, state: "DISMISSED" }]],
])("overruled, the head merges: %s", (_, reviews) => {
  const after = decided("overrule");
  // Whoever looks for work in this moment is not given it: nothing is left for an agent to do.
  expect(stateOf(after.issue)).toBe("in_review");
  expect(stateOf({ ...after.issue, mergeBlockedBy: ["The branch conflicts."] })).toBe("queued");
  const { events } = settle({ ...after, seen: { ...after.seen, pullRequest: seenPr({ reviews }) } });
  expect(events).toMatchObject([{ type: "MERGE_REQUESTED" }]);
  // Nobody is given what is being merged.
  expect(stateOf(settle({ ...after, seen: { ...after.seen, pullRequest: seenPr({ reviews }) } }).scene.issue)).toBe("in_review");
});

test("P4: overruled is this head and no other", () => {
  const after = decided("overrule");
  const moved = seenPr({ headSha: sha("b"), reviews: [] });
  const { events, scene: then } = settle({ ...after, seen: { ...after.seen, pullRequest: moved } });
  expect(events.map(({ type }) => type)).toEqual(["PR_UPDATED", "CI_PASSED", "REVIEW_REQUESTED", "RUN_REQUESTED"]);
  expect(verdict(then, moved).find(({ name }) => name === "review")?.ok).toBe(false);
});

test("upheld, the author is told so, and cannot object again", () => {
  const after = decided("uphold");
  const { agentId: who, runId: run, branch, attempt } = { agentId, runId: runId(9), branch: "rig/12-round-prices-half-up-1", attempt: 1 };
  const issue = evolve(after.issue, said("ISSUE_ASSIGNED", { agentId: who, attempt, branch, runId: run }), at(41));
  const { events, scene: then } = settle({ ...after, issue });
  expect(events).toMatchObject([{ type: "RUN_REQUESTED", data: { kind: "answer-review", findings: [{ id: "c41", upheld: true }] } }]);
  expect(refused(then.issue, disputes(9, "c41"))).toBe("a person decided that c41 stands");
});

test("a run objects only to what it was given to answer", () => {
  const history = toDisputed.slice(0, -2);
  expect(refused(folded(history), disputes(3, "c41"))).toBeUndefined();
  expect(refused(folded(history), disputes(3, "c77"))).toBe("c77 is no finding it was given");
  expect(refused(folded(toOpen.slice(0, 4)), disputes(1, "c41"))).toContain("no review of this head to answer");
});

test("an objection to a person's finding is a person's at once", () => {
  const remark = { ...finding, by: "maria" };
  const byMaria = { by: "maria", byId: 30, byType: "User", canWrite: true };
  const history: History = [
    ...toOpen,
    [12, said("CI_PASSED", { ...onHead, checks: [] })],
    [20, wants([remark], { reviewer: "maria", reviewId: 5, byPerson: true })],
    answering(21, 3, [remark]),
    [25, disputes(3, "c41")],
    [25, finished(3, "nothing_to_do")],
  ];
  const pullRequest = seenPr({ reviews: [no({ ...byMaria, id: 5, state: "COMMENTED", findings: [remark] })] });
  expect(settle(scene({ history, minute: 26, seen: { pullRequest } })).events).toMatchObject([
    { type: "ESCALATED", data: { about: "review", reason: expect.stringContaining(`maria and ${agentId} disagree`) } },
  ]);
});
