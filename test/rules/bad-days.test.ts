import { expect, test } from "@jest/globals";
import type { Said } from "../../app/domain/envelope.ts";
import { evolve } from "../../app/domain/evolve.ts";
import type { SeenPullRequest, SeenReview } from "../../app/domain/seen.ts";
import { settle } from "../../app/rules/index.ts";
import {
  agentId,
  approved,
  at,
  ciPassed,
  concluded,
  finished,
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
  toReviewed,
} from "./stage.ts";

const toStarted = toOpen.slice(0, 4);
const failing = { state: "failed" as const, names: ["test"], failed: [{ name: "test", url: "u", summary: "2 of 9 failed" }] };
const stuckWith = (cause: "agent" | "infra" | "human", n = 1) =>
  said("AGENT_STUCK", { agentId, runId: runId(n), attempt: 1, cause, reason: "r", fingerprint: "r" });
const unassigned = (n = 1) => said("ISSUE_UNASSIGNED", { agentId, runId: runId(n), cause: "agent", reason: "r" });

test("a run that no runner takes costs no strike, and the issue goes back to the queue", () => {
  const { scene: after, events } = settle(scene({ history: toOpen.slice(0, 3), minute: 20 }));
  expect(events).toMatchObject([
    { type: "AGENT_STUCK", data: { cause: "infra" } },
    { type: "ISSUE_UNASSIGNED", data: { cause: "infra" } },
  ]);
  expect(after.issue).toMatchObject({ strikes: 0, infraFailures: 1 });
});

test("a silent agent earns a strike at once: it has no last words", () => {
  expect(concluded({ history: toStarted, minute: 6 })).toEqual([]);
  const silent = settle(scene({ history: toStarted, minute: 7 }));
  expect(silent.events).toMatchObject([{ type: "AGENT_STUCK", data: { cause: "agent" } }, { type: "ISSUE_UNASSIGNED" }]);
});

const keptAt = (minute: number) => [minute, said("CHECKPOINT_SAVED", { runId: runId(1), sha: sha("c"), bytes: 10, usd: 0.1 })] as const;

test("a run that kept its work because its job was told to end costs no strike, and the next one goes on with it", () => {
  expect(concluded({ history: [...toStarted, keptAt(3)], minute: 3 })).toEqual([]);
  const { events, scene: after } = settle(scene({ history: [...toStarted, keptAt(3)], minute: 4 }));
  expect(events).toMatchObject([
    { type: "AGENT_STUCK", data: { cause: "infra" } },
    { type: "ISSUE_UNASSIGNED", data: { cause: "infra" } },
  ]);
  expect(after.issue).toMatchObject({ strikes: 0, infraFailures: 1, attempts: 1 });
  const assigned = said("ISSUE_ASSIGNED", { agentId, runId: runId(2), branch: "rig/12-round-prices-half-up-1", attempt: 1 });
  const history: History = [...toStarted, keptAt(3), ...events.map((event) => [4, said(event.type, event.data)] as const), [5, assigned]];
  expect(settle(scene({ history, minute: 5 })).events).toMatchObject([{ type: "RUN_REQUESTED", data: { resumes: runId(1), attempt: 1 } }]);
});

test("a run that kept its work because a person cancelled it is held all the same", () => {
  const run = { runId: runId(1), status: "completed" as const, conclusion: "cancelled" };
  expect(concluded({ history: [...toStarted, keptAt(3)], minute: 3, seen: { run } })).toContain("ISSUE_HELD");
});

test("an agent that says it is stuck has a minute for its last words", () => {
  const stuck = settle(scene({ history: [...toStarted, [4, stuckWith("agent")]], minute: 4 }));
  expect(stuck.events).toEqual([]);
  expect(stuck.wakeAt).toEqual(at(5));
  expect(concluded({ history: [...toStarted, [4, stuckWith("agent")]], minute: 5 })).toEqual(["ISSUE_UNASSIGNED"]);
});

test("a heartbeat of the run API keeps a run alive", () => {
  const run = { runId: runId(1), status: "in_progress" as const, lastSeenAt: at(9) };
  expect(concluded({ history: toStarted, minute: 12, seen: { run } })).toEqual([]);
});

test("a run that a person cancelled is held, without a strike", () => {
  const run = { runId: runId(1), status: "completed" as const, conclusion: "cancelled" };
  const { events, scene: after } = settle(scene({ history: toStarted, minute: 3, seen: { run } }));
  expect(events.map(({ type }) => type)).toEqual(["AGENT_STUCK", "ISSUE_UNASSIGNED", "ISSUE_HELD"]);
  expect(after.issue.strikes).toBe(0);
});

test("a run that dies before it says anything is infrastructure", () => {
  const run = { runId: runId(1), status: "completed" as const, conclusion: "failure" };
  expect(settle(scene({ history: toStarted, minute: 3, seen: { run } })).events).toMatchObject([
    { data: { cause: "infra" } },
    { type: "ISSUE_UNASSIGNED" },
  ]);
});

test("a patch that the publish job refused is the agent's", () => {
  const run = { runId: runId(1), status: "completed" as const, conclusion: "failure" };
  expect(settle(scene({ history: [...toStarted, [3, finished(1)]], minute: 4, seen: { run } })).events).toMatchObject([
    { data: { cause: "agent" } },
    { type: "ISSUE_UNASSIGNED" },
  ]);
});

test("what the publish job refused is told by its rule, and not what the run was kept from before", () => {
  const run = { runId: runId(1), status: "completed" as const, conclusion: "failure" };
  const [early, late] = ["git push is not yours.", "The change touches CODEOWNERS."].map((detail, nth) =>
    said("GUARD_BLOCKED", { runId: runId(1), rule: ["push", "protected-path"][nth] ?? "", detail }),
  ) as [Said, Said];
  const reason = (history: History) => settle(scene({ history, minute: 4, seen: { run } })).events[0]?.data;
  expect(reason([...toStarted, [2, early], [3, finished(1)], [3, late]])).toMatchObject({
    reason: "Its result was not published, by the rule protected-path: The change touches CODEOWNERS.",
  });
  expect(reason([...toStarted, [2, early], [3, finished(1)]])).toMatchObject({
    reason: "Its result was not published: the publish job refused it or failed.",
  });
});

test("the second strike asks the CTO, and nothing is started after it", () => {
  const first: History = [...toStarted, [3, finished(1, "failed")], [4, stuckWith("agent")], [4, unassigned()]];
  const second: History = [
    ...first,
    [5, said("ISSUE_ASSIGNED", { agentId, attempt: 2, branch: "rig/12-b-2", runId: runId(2) })],
    [5, requested("implement", 2)],
    [6, started(2)],
    [7, finished(2, "stuck")],
  ];
  const { events, scene: after } = settle(scene({ history: second, minute: 8 }));
  expect(events.map(({ type }) => type)).toEqual(["AGENT_STUCK", "ISSUE_UNASSIGNED", "ESCALATED"]);
  expect(settle({ ...after, now: at(600) }).events.map(({ type }) => type)).toEqual(["ESCALATED"]);
  expect(settle({ ...after, now: at(20) }).events).toEqual([]);
});

test("lost runners have a budget of their own", () => {
  const lost = [1, 2, 3, 4].flatMap(
    (n): History => [
      [n * 10, said("ISSUE_ASSIGNED", { agentId, attempt: n, branch: `rig/12-b-${n}`, runId: runId(n) })],
      [n * 10, requested("implement", n)],
      [n * 10 + 5, stuckWith("infra", n)],
      [n * 10 + 5, unassigned(n)],
    ],
  );
  expect(concluded({ history: [[0, approved], ...lost.slice(0, 12)] })).toEqual([]);
  expect(concluded({ history: [[0, approved], ...lost] })).toEqual(["ESCALATED"]);
});

test("failed checks go back to the agent, three times and no more", () => {
  const seen = { pullRequest: seenPr({ checks: failing }) };
  expect(settle(scene({ history: toOpen, minute: 12, seen })).events).toMatchObject([
    { type: "CI_FAILED" },
    { type: "RUN_REQUESTED", data: { kind: "fix-ci", baseSha: sha("a"), findings: [{ by: "test" }] } },
  ]);
  const fixed = ["b", "c", "d"].flatMap(
    (letter, index): History => [
      [20 + index, requested("fix-ci", 10 + index, sha(index === 0 ? "a" : (["b", "c"][index - 1] as string)))],
      [20 + index, started(10 + index)],
      [20 + index, finished(10 + index)],
      [20 + index, said("PR_UPDATED", { prNumber: pr, headSha: sha(letter), previousSha: sha("a") })],
    ],
  );
  const end = settle(
    scene({ history: [...toOpen, ...fixed], minute: 30, seen: { pullRequest: seenPr({ headSha: sha("d"), checks: failing }) } }),
  );
  expect(end.events.map(({ type }) => type)).toEqual(["CI_FAILED", "ESCALATED"]);
});

test("a review that wants changes goes back to the agent with its findings", () => {
  const reviewing: History = [
    ...toOpen,
    [12, ciPassed],
    [12, said("REVIEW_REQUESTED", { prNumber: pr, headSha: sha("a"), iteration: 1 })],
    [13, requested("review", 2, sha("a"))],
    [14, started(2)],
    [15, finished(2, "review")],
  ];
  const finding = { by: "review-e[bot]", path: "src/price.mjs", line: 3, text: "Negative prices round the other way." };
  const seen = { pullRequest: seenPr({ reviews: [review({ state: "CHANGES_REQUESTED", findings: [finding] })] }) };
  expect(settle(scene({ history: reviewing, minute: 16, seen })).events).toMatchObject([
    { type: "REVIEW_CHANGES_REQUESTED", data: { findings: [finding] }, actor: { kind: "agent" } },
    { type: "RUN_REQUESTED", data: { kind: "answer-review", findings: [finding], branch: "rig/12-round-prices-half-up-1" } },
  ]);
});

test("a person's request for changes drives the agent like Review-E's", () => {
  const seen = {
    pullRequest: seenPr({
      reviews: [
        review(),
        review({ id: 2, by: "maria", byId: 30, byType: "User", state: "CHANGES_REQUESTED", body: "No.", canWrite: true }),
      ],
    }),
  };
  expect(settle(scene({ history: toReviewed, minute: 21, seen })).events).toMatchObject([
    { type: "REVIEW_CHANGES_REQUESTED", data: { reviewer: "maria" }, actor: { kind: "human" } },
    { type: "RUN_REQUESTED", data: { kind: "answer-review" } },
  ]);
});

test("a stranger's request for changes drives nobody", () => {
  const seen = {
    pullRequest: seenPr({
      reviews: [review(), review({ id: 2, by: "guest", byId: 40, byType: "User", state: "CHANGES_REQUESTED", canWrite: false })],
    }),
  };
  expect(concluded({ history: toReviewed, minute: 21, seen })).toEqual(["MERGE_REQUESTED"]);
});

test("a conflict is resolved once by the agent, then by a person", () => {
  const seen = { pullRequest: seenPr({ mergeable: false, mergeableState: "dirty", reviews: [review()] }) };
  expect(settle(scene({ history: toReviewed, minute: 21, seen })).events.at(0)).toMatchObject({
    type: "RUN_REQUESTED",
    data: { kind: "rebase", baseSha: sha("a") },
  });
});

test("a pull request that a person closes is held with the reason, never lost", () => {
  const seen = { pullRequest: seenPr({ state: "closed", closedBy: "maria" }) };
  expect(settle(scene({ history: toReviewed, minute: 21, seen })).events).toMatchObject([
    { type: "PR_CLOSED" },
    { type: "ISSUE_HELD", data: { by: "maria" } },
  ]);
});

test("checks that never conclude are a person's", () => {
  const seen = { pullRequest: seenPr({ checks: { state: "pending", names: ["test"], failed: [] } }) };
  expect(concluded({ history: toOpen, minute: 60, seen })).toEqual([]);
  expect(concluded({ history: toOpen, minute: 71, seen })).toEqual(["ESCALATED"]);
});

test("a command that GitHub refuses for good is a person's", () => {
  const effects = [
    {
      key: "k",
      kind: "DISPATCH_RUN" as const,
      state: "dead" as const,
      data: {},
      response: undefined,
      error: "Not Found",
      settledAt: at(3),
    },
  ];
  expect(concluded({ history: toOpen.slice(0, 3), minute: 3, effects })).toEqual(["ESCALATED"]);
});

test("an issue without an agent asks for nothing by itself", () => {
  expect(concluded({ history: [[0, approved]] })).toEqual([]);
});

const lintFails = (preExisting: boolean): SeenPullRequest["checks"] => ({
  state: "failed",
  names: ["lint"],
  failed: [{ name: "lint", url: "https://ci.example/1", summary: "2 errors", preExisting }],
});

test("checks that the base branch fails as well are not the agent's to mend: they wait for it, and then are a person's", () => {
  const look = { history: toOpen, seen: { pullRequest: seenPr({ checks: lintFails(true) }) } };
  const first = settle(scene({ ...look, minute: 12 }));
  expect(first.events).toMatchObject([{ type: "CI_FAILED", data: { preExisting: ["lint"] } }]);
  const later = { ...look, history: [...toOpen, [12, first.events[0] as Said] as const] };
  expect(concluded({ ...later, minute: 30 })).toEqual([]);
  expect(concluded({ ...later, minute: 73 })).toContain("ESCALATED");
  const well = { ...later, seen: { pullRequest: seenPr({ checks: lintFails(false) }) } };
  expect(concluded({ ...well, minute: 30 })).toEqual(["CI_FAILED", "RUN_REQUESTED"]);
});

test("F34: where a person pushed and more is to be done, the agent keeps off until they give it back", () => {
  const byLena: History = [
    ...toOpen,
    [20, said("PR_UPDATED", { prNumber: pr, headSha: sha("b"), previousSha: sha("a"), pushedBy: "lena" })],
  ];
  const look = { history: byLena, minute: 21, seen: { pullRequest: seenPr({ headSha: sha("b"), checks: lintFails(false) }) } };
  const { events, scene: after } = settle(scene(look));
  expect(events).toMatchObject([
    { type: "CI_FAILED" },
    { type: "ISSUE_HELD", data: { by: "lena", reason: expect.stringContaining("does not push over people") } },
  ]);
  const released = evolve(after.issue, said("ISSUE_RELEASED", { by: "lena", reason: "lena gave it back." }), at(22));
  expect(released.pullRequest).not.toHaveProperty("pushedBy");
});

test("F34: a person's push that is well goes on to the merge like any other", () => {
  const byLena: History = [
    ...toOpen,
    [20, said("PR_UPDATED", { prNumber: pr, headSha: sha("b"), previousSha: sha("a"), pushedBy: "lena" })],
  ];
  expect(concluded({ history: byLena, minute: 21, seen: { pullRequest: seenPr({ headSha: sha("b"), pushedBy: "lena" }) } })).toEqual([
    "CI_PASSED",
    "REVIEW_REQUESTED",
    "RUN_REQUESTED",
  ]);
});

const byLena = (more: Partial<SeenReview> = {}) =>
  review({ id: 9_000_000, by: "lena", byId: 50, byType: "User", state: "CHANGES_REQUESTED", canWrite: true, body: "Not so.", ...more });

test.each<[string, Partial<SeenReview>]>([
  ["in the same second as Review-E's yes", { id: 0 }],
  ["before Review-E's yes, and heard after it", { submittedAt: at(25) }],
])("a person's no %s sends the agent back", (_, more) => {
  const seen = { pullRequest: seenPr({ reviews: [review(), byLena(more)] }) };
  expect(concluded({ history: toReviewed, minute: 31, seen })).toEqual(["REVIEW_CHANGES_REQUESTED", "RUN_REQUESTED"]);
});

test("a no that was taken back leaves Review-E's word", () => {
  const taken = byLena({ id: 9_000_001, state: "APPROVED", submittedAt: at(40) });
  const seen = { pullRequest: seenPr({ reviews: [review(), byLena(), taken] }) };
  expect(concluded({ history: toReviewed, minute: 41, seen })).toEqual(["MERGE_REQUESTED"]);
});

test("what Review-E was to say of a head that has moved on is waited for by nobody", () => {
  const moved: History = [
    ...toOpen,
    [12, ciPassed],
    [12, said("REVIEW_REQUESTED", { prNumber: pr, headSha: sha("a"), iteration: 1 })],
    [13, requested("review", 2, sha("a"))],
    [14, started(2)],
    [15, said("PR_UPDATED", { prNumber: pr, headSha: sha("b"), previousSha: sha("a") })],
    [20, finished(2, "review")],
  ];
  const checks = { state: "pending" as const, names: ["test"], failed: [] };
  expect(concluded({ history: moved, minute: 40, seen: { pullRequest: seenPr({ headSha: sha("b"), checks }) } })).toEqual([]);
});

test("the pull request of an attempt that failed is nobody's any more, though GitHub still shows it open", () => {
  const failed: History = [
    ...toOpen,
    [12, requested("fix-ci", 2, sha("a"))],
    [13, started(2)],
    [14, stuckWith("agent", 2)],
    [15, unassigned(2)],
  ];
  expect(concluded({ history: failed, minute: 15, seen: { pullRequest: seenPr() } })).toEqual([]);
});
