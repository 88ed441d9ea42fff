import { expect, test } from "@jest/globals";
import type { EffectOutcome } from "../../app/domain/commands.ts";
import type { RigEvent } from "../../app/domain/events.ts";
import type { Seen, SeenPullRequest, SeenReview } from "../../app/domain/seen.ts";
import { settle } from "../../app/rules/index.ts";
import { requestRun } from "../../app/rules/request-run.ts";
import { why } from "../../app/rules/why.ts";
import { at, finished, type History, merged, person, pr, requested, review, rig, said, scene, seenPr, sha, started } from "./stage.ts";

const head = sha("a");
const next = sha("b");
const labelled = { ...person, verdict: "admitted" } as const;
const jonas = { login: "jonas", id: 20 };

const watched: History = [
  [
    0,
    said("PR_WATCHED", {
      ...{ prNumber: pr, prUrl: "https://github.example/acme/shop/pull/7", branch: "change", base: "main", headSha: head },
      ...{ title: "Round prices half up", by: "jonas" },
    }),
  ],
];
const moved = said("PR_UPDATED", { prNumber: pr, headSha: next, previousSha: head });
const asked = (headSha = head, iteration = 1) => said("REVIEW_REQUESTED", { prNumber: pr, headSha, iteration });
const reading: History = [...watched, [10, asked()], [10, requested("review", 2, head)], [11, started(2)]];
const read: History = [...reading, [20, finished(2, "review")]];
const passed = said("REVIEW_PASSED", { prNumber: pr, headSha: head, reviewer: "review-e[bot]", reviewId: 1 });
const lost = said("AGENT_STUCK", {
  ...{ agentId: "review-e" as RigEvent<"AGENT_STUCK">["data"]["agentId"], runId: "00000000-0000-4000-8000-000000000002" as never },
  ...{ attempt: 0, cause: "infra", reason: "No runner took the run within 15 minutes.", fingerprint: "n" },
});

interface Given {
  readonly history?: History;
  readonly pr?: Partial<SeenPullRequest>;
  readonly seen?: Partial<Seen>;
  readonly minute?: number;
  readonly policy?: object;
  readonly paused?: string;
  readonly effects?: readonly EffectOutcome[];
}

function look({ history = watched, pr: more = {}, seen = {}, minute = 30, policy, paused, effects }: Given) {
  const pullRequest = seenPr({ author: jonas, branch: "change", madeBy: ["jonas"], ...more });
  const here = scene({ history, minute, seen: { pullRequest, ...seen }, ...(policy ? { policy } : {}), ...(effects ? { effects } : {}) });
  const settled = settle({ ...here, ...(paused ? { paused } : {}) });
  return { ...settled, types: settled.events.map(({ type }) => type), why: why(settled.scene) };
}

test("the label of somebody who may write has the head read, with no issue and no approval", () => {
  const { events, why: told } = look({ pr: { reviewLabel: labelled } });
  expect(events).toMatchObject([
    { type: "REVIEW_REQUESTED", data: { headSha: head, iteration: 1 } },
    { type: "RUN_REQUESTED", data: { kind: "review", agent: "review-e", baseSha: head, findings: [], prNumber: pr, branch: "change" } },
  ]);
  expect(told).toBe("No gate is in its way: whoever may merge it can. Review-E reads aaaaaaa.");
});

test("so does the repository's setting, without any label", () => {
  expect(look({ policy: { review: { peoples: true } } }).types).toEqual(["REVIEW_REQUESTED", "RUN_REQUESTED"]);
});

test.each<[string, Given, string]>([
  ["nobody asked for it", {}, "whoever may merge it can."],
  ["somebody put the label on who may not write", { pr: { reviewLabel: { ...person, verdict: "refused" } } }, "jonas may not have it read"],
  ["GitHub does not say what they may do", { pr: { reviewLabel: { ...person, verdict: "undecided" } } }, "GitHub does not say yet"],
  ["it is a draft", { pr: { reviewLabel: labelled, draft: true } }, "It is a draft: Review-E reads it once it is ready for review."],
  ["it comes from a fork", { pr: { reviewLabel: labelled, fork: true } }, "It comes from a fork, and Review-E does not read those"],
  ["it comes from a fork, and all are to be read", { pr: { fork: true }, policy: { review: { peoples: true } } }, "It comes from a fork"],
  [
    "it is a bot's",
    { pr: { author: { login: "dependabot[bot]", id: 49, bot: true } }, policy: { review: { peoples: true } } },
    "dependabot[bot]'s",
  ],
  ["it is observed only", { policy: { mode: "observe", review: { peoples: true } } }, "The repository's mode is observe"],
  ["the repository rests", { pr: { reviewLabel: labelled }, paused: "It is archived." }, "The repository rests: It is archived."],
  [
    "none is to be read",
    { pr: { reviewLabel: labelled }, policy: { limits: { reviewRounds: 0 } } },
    "`/rig review` has it read this one too.",
  ],
])("nothing is read where %s", (_, given, told) => {
  const { events, why: sentence } = look(given);
  expect(events).toEqual([]);
  expect(sentence).toContain(told);
});

test("an answer that GitHub owes is asked for again soon", () => {
  expect(look({ pr: { reviewLabel: { ...person, verdict: "undecided" } } }).wakeAt).toEqual(new Date(at(30).getTime() + 30_000));
});

test.each<[string, Partial<SeenReview>, string, string]>([
  ["approval", {}, "REVIEW_PASSED", "review-e[bot] has read aaaaaaa and approves it."],
  [
    "request for changes",
    { state: "CHANGES_REQUESTED" },
    "REVIEW_CHANGES_REQUESTED",
    "review-e[bot] has read aaaaaaa and asks for changes.",
  ],
])("Review-E's %s of the head is written down, and nothing follows from it", (_, more, type, told) => {
  const { types, why: sentence } = look({ history: read, pr: { reviewLabel: labelled, reviews: [review(more)] } });
  expect(types).toEqual([type]);
  expect(sentence).toContain(told);
});

test.each<[string, Partial<SeenReview>]>([
  ["a person's request for changes", { byId: 30, byType: "User", by: "maria", canWrite: true, state: "CHANGES_REQUESTED" }],
  ["the Rig's own App", { byId: rig }],
  ["what was said of another head", { commitId: next }],
])("%s is no word of Review-E's", (_, more) => {
  expect(look({ history: read, minute: 21, pr: { reviews: [review(more)] } }).types).toEqual([]);
});

test("a head that was read is not read again, and a new one is, while the label stays", () => {
  const done: History = [...read, [21, passed]];
  expect(look({ history: done, pr: { reviewLabel: labelled, reviews: [review()] } }).types).toEqual([]);
  const pushed = { history: [...done, [25, moved]] as History, pr: { headSha: next, reviews: [review()] } };
  expect(look({ ...pushed, pr: { ...pushed.pr, reviewLabel: labelled } }).events).toMatchObject([
    { type: "REVIEW_REQUESTED", data: { headSha: next, iteration: 2 } },
    { type: "RUN_REQUESTED", data: { baseSha: next } },
  ]);
  const without = look(pushed);
  expect(without.types).toEqual([]);
  expect(without.why).toContain("review-e[bot] has read aaaaaaa and approves it.");
});

test("so many heads are read of themselves, and one more for each time that a person says so", () => {
  const policy = { limits: { reviewRounds: 1 }, review: { peoples: true } };
  const pushed: History = [...read, [21, passed], [25, moved]];
  const given = { history: pushed, policy, pr: { headSha: next } };
  expect(look(given)).toMatchObject({ types: [], why: expect.stringContaining("Review-E has read 1 head of it: `/rig review`") });
  expect(look({ ...given, history: [...pushed, [26, asked(next, 2)]] }).types).toEqual(["RUN_REQUESTED"]);
});

test("a head that moved on before a runner took it was not read, and does not count", () => {
  const policy = { limits: { reviewRounds: 1 } };
  const history: History = [...reading.slice(0, -1), [12, moved]];
  expect(look({ history, minute: 13, policy, pr: { headSha: next, reviewLabel: labelled } }).types).toEqual([
    "REVIEW_REQUESTED",
    "RUN_REQUESTED",
  ]);
});

test("asked by command again, the review before does not count for the answer", () => {
  const again: History = [...read, [21, passed], [25, asked(head, 2)]];
  expect(look({ history: again, pr: { reviews: [review()] } }).types).toEqual(["RUN_REQUESTED"]);
  const second: History = [...again, [26, requested("review", 3, head)], [27, started(3)], [28, finished(3, "review")]];
  const other = review({ id: 5, state: "CHANGES_REQUESTED", submittedAt: at(29) });
  expect(look({ history: second, pr: { reviews: [review({ submittedAt: at(21) }), other] } }).types).toEqual(["REVIEW_CHANGES_REQUESTED"]);
});

test("a reviewer that has begun on the head before may finish; one that has not is sent to the new one", () => {
  const pushed = { pr: { headSha: next, reviewLabel: labelled }, minute: 14 };
  expect(look({ ...pushed, history: [...reading, [13, moved]] }).types).toEqual(["REVIEW_REQUESTED"]);
  const waiting = reading.slice(0, -1);
  const { types, scene: after } = look({ ...pushed, history: [...waiting, [13, moved]] });
  expect(types).toEqual(["REVIEW_REQUESTED", "RUN_REQUESTED"]);
  expect(after.issue.runs.map(({ baseSha, fenced }) => [baseSha, fenced])).toEqual([
    [head, true],
    [next, false],
  ]);
});

test("where Review-E abstains another instance is asked, and after the second time a person may", () => {
  const abstains = (id: number, minute: number) =>
    review({ id, state: "COMMENTED", body: "No device.", submittedAt: at(minute), machine: { abstains: true, revisited: {} } });
  const first = look({ history: read, minute: 22, pr: { reviews: [abstains(3, 21)] } });
  expect(first.events).toMatchObject([{ type: "REVIEW_ABSTAINED" }, { type: "RUN_REQUESTED", data: { agentId: "review-e-2" } }]);
  const said1 = said("REVIEW_ABSTAINED", { prNumber: pr, headSha: head, reviewer: "review-e[bot]", reviewId: 3, why: "No device." });
  const second: History = [...read, [21, said1], [22, requested("review", 4, head)], [23, started(4)], [25, finished(4, "review")]];
  const last = look({ history: second, minute: 27, pr: { reviews: [abstains(3, 21), abstains(4, 26)] } });
  expect(last.types).toEqual(["REVIEW_ABSTAINED"]);
  expect(last.why).toContain("Review-E has not judged aaaaaaa. Review-E abstained: No device. `/rig review` has it tried again.");
});

test("a lost reviewer is sent again within the retries; then people are told, and nobody is called", () => {
  const policy = { limits: { infraRetries: 0 } };
  const gone: History = [...reading, [12, lost]];
  expect(look({ history: gone }).types).toEqual(["RUN_REQUESTED"]);
  const told = look({ history: gone, policy });
  expect(told.types).toEqual([]);
  expect(told.why).toContain(
    "Review-E has not judged aaaaaaa. No runner took the run within 15 minutes. `/rig review` has it tried again.",
  );
  expect(look({ history: [...gone, [15, asked(head, 2)]], policy }).types).toEqual(["RUN_REQUESTED"]);
});

test("one whose run a person cancelled is not sent again", () => {
  const cancelled = { runId: "00000000-0000-4000-8000-000000000002", status: "completed", conclusion: "cancelled" } as const;
  const { types, why: told } = look({ history: reading, minute: 12, seen: { run: cancelled } });
  expect(types).toEqual(["AGENT_STUCK"]);
  expect(told).toContain("Its workflow run was cancelled.");
});

test("a workflow that GitHub does not start is a lost run at once", () => {
  const waiting = reading.slice(0, -1);
  const data = { runId: "00000000-0000-4000-8000-000000000002", workflow: "review-e.yml", ref: "main" };
  const dead = { key: "k", kind: "DISPATCH_RUN", data, state: "dead", error: "Not Found", settledAt: at(11) } as unknown as EffectOutcome;
  const { types, why: told } = look({ history: waiting, minute: 12, effects: [dead], policy: { limits: { infraRetries: 0 } } });
  expect(types).toEqual(["AGENT_STUCK"]);
  expect(told).toContain("GitHub did not start its workflow: Not Found.");
});

test("without a budget it waits, and with a new day it goes on", () => {
  const spent = said("BUDGET_EXCEEDED", { scope: "day", unit: "usd", limit: 50, spent: 50 });
  const history: History = [...reading, [20, finished(2, "limit_reached")], [21, spent]];
  const waiting = look({ history, minute: 25 });
  expect(waiting).toMatchObject({ types: [], why: expect.stringContaining("`/rig budget <usd>`") });
  expect(look({ history, minute: 24 * 60 }).types).toEqual(["ISSUE_RESUMED", "AGENT_STUCK", "RUN_REQUESTED"]);
});

test.each<[string, History[number]]>([
  ["on hold", [22, said("ISSUE_HELD", { by: "jonas", reason: "jonas put it on hold." })]],
  ["merged", [22, merged]],
])("what is %s is not read", (_, event) => {
  expect(look({ history: [...watched, event], pr: { reviewLabel: labelled } }).types).toEqual([]);
});

test("R3: no agent that changes anything is ever sent to it", () => {
  const { scene: here } = look({ history: reading });
  for (const kind of ["implement", "fix-ci", "answer-review", "rebase"] as const)
    expect(requestRun(here, { kind, baseSha: head, findings: [] }).events).toEqual([]);
  expect(requestRun(here, { kind: "review", baseSha: head, findings: [] }).events).toHaveLength(1);
});
