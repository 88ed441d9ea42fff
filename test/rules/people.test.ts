/** Escalations, budgets, loops and holds: where people come in, and how it goes on. */
import { expect, test } from "@jest/globals";
import type { EffectOutcome } from "../../app/domain/commands.ts";
import { stateOf } from "../../app/domain/state.ts";
import { settle } from "../../app/rules/index.ts";
import { why } from "../../app/rules/why.ts";
import {
  agentId,
  approved,
  assigned,
  at,
  concluded,
  finished,
  folded,
  type History,
  person,
  requested,
  runId,
  said,
  scene,
  seenIssue,
  seenPr,
  sha,
  started,
  toOpen,
} from "./stage.ts";

const escalated = said("ESCALATED", {
  level: "cto",
  about: "strikes",
  reason: "2 attempts failed.",
  attempts: 2,
  options: ["retry", "close"],
});
const failed: History = [
  [0, approved],
  [10, escalated],
];
const told = (key: string, messageId: string, about = "escalation-1"): EffectOutcome => ({
  key,
  kind: "NOTIFY",
  state: "confirmed",
  data: { channel: "admin", about },
  response: { messageId },
});

test("an escalation that arrived is said to have, with the proof, once for each place", () => {
  const effects = [told("a", "1@2"), told("b", "9@2", "gate")];
  const { events, scene: after } = settle(scene({ history: failed, minute: 11, effects }));
  expect(events).toEqual([{ type: "ESCALATION_NOTIFIED", data: { channel: "admin", messageId: "1@2" } }]);
  expect(settle(after).events).toEqual([]);
});

test.each([
  ["is silent before half an hour", 39, []],
  ["is repeated after half an hour", 40, ["ESCALATION_REMINDED"]],
  ["is repeated once for all that were missed", 200, ["ESCALATION_REMINDED"]],
  ["goes to everyone when nobody answers for four hours", 250, ["ESCALATED"]],
])("an escalation %s", (_, minute, types) => {
  expect(concluded({ history: failed, minute })).toEqual(types);
});

test("acknowledged, it is not repeated; everybody sees by whom", () => {
  const seen: History = [...failed, [20, said("ESCALATION_ACKNOWLEDGED", { by: "maria" })]];
  expect(concluded({ history: seen, minute: 600 })).toEqual([]);
  expect(why(scene({ history: seen, minute: 600 }))).toContain("A person has to decide. 2 attempts failed. maria has seen it.");
});

test.each([
  ["retry", "queued", { strikes: 0 }],
  ["override", "queued", { grants: 1 }],
  ["close", "queued", {}],
] as const)("resolved with %s, it is %s", (decision, state, more) => {
  const issue = folded([...failed, [20, said("ESCALATION_RESOLVED", { by: "maria", decision })]]);
  expect(stateOf(issue)).toBe(state);
  expect(issue).toMatchObject(more);
  expect(issue.escalation).toBeUndefined();
});

test("a person's retry grants one attempt and resets no strike", () => {
  const strike = (n: number): History => [
    [n, said("ISSUE_ASSIGNED", { agentId, attempt: n, branch: `b${n}`, runId: runId(n) })],
    [n, requested("implement", n)],
    [n, said("AGENT_STUCK", { agentId, runId: runId(n), attempt: n, cause: "agent", reason: "r", fingerprint: "f" })],
    [n, said("ISSUE_UNASSIGNED", { agentId, runId: runId(n), cause: "agent", reason: "r" })],
  ];
  const twice: History = [[0, approved], ...strike(1), ...strike(2)];
  expect(concluded({ history: twice, minute: 3 })).toEqual(["ESCALATED"]);
  const retried: History = [...twice, [3, escalated], [4, said("RETRY_REQUESTED", { by: "maria", fresh: false })]];
  expect(concluded({ history: retried, minute: 5 })).toEqual([]);
  expect(folded(retried)).toMatchObject({ strikes: 2, grants: 1 });
  expect(concluded({ history: [...retried, ...strike(6)], minute: 7 })).toEqual(["ESCALATED"]);
});

const atWork: History = [
  [0, approved],
  [1, assigned],
  [1, requested("implement", 1)],
  [2, started(1)],
];
const spent = (scope: "run" | "issue" | "day") => said("BUDGET_EXCEEDED", { scope, unit: "usd", limit: 15, spent: 15.2 });

test("an issue whose budget is spent gives its agent back without a strike, and says who lets it go on", () => {
  const history: History = [...atWork, [3, spent("issue")], [3, finished(1, "limit_reached")]];
  const { events, scene: after } = settle(scene({ history, minute: 4 }));
  expect(events).toMatchObject([{ type: "ISSUE_UNASSIGNED", data: { cause: "preempted" } }]);
  expect(stateOf(after.issue)).toBe("waiting");
  expect(after.issue.strikes).toBe(0);
  expect(why(after)).toContain("$15.20 of $15. `/rig budget <usd>` by a person with maintain permission lets it go on.");
});

test("an agent that is still at work when the budget ends gets time to keep what it has", () => {
  const { events, wakeAt } = settle(scene({ history: [...atWork, [3, spent("issue")]], minute: 4 }));
  expect(events).toEqual([]);
  expect(wakeAt).toEqual(at(5));
});

test("a raised budget lets it go on", () => {
  const history: History = [
    ...atWork,
    [3, spent("issue")],
    [3, finished(1, "limit_reached")],
    [9, said("BUDGET_RAISED", { by: "maria", usd: 30 })],
  ];
  expect(folded(history).waiting).toBeUndefined();
});

test("the day's budget comes back with the day", () => {
  const history: History = [
    [0, approved],
    [3, spent("day")],
  ];
  const { events, wakeAt } = settle(scene({ history, minute: 4 }));
  expect(events).toEqual([]);
  expect(wakeAt).toEqual(new Date("2026-11-23T00:00:00Z"));
  expect(concluded({ history, minute: 16 * 60 })).toEqual(["ISSUE_RESUMED"]);
});

test("a run that used up what one run may use has failed as a run", () => {
  const history: History = [...atWork, [3, spent("run")], [3, finished(1, "failed")]];
  expect(concluded({ history, minute: 4 })).toEqual(["AGENT_STUCK", "ISSUE_UNASSIGNED"]);
});

test("runs in a row that change neither a file nor a verdict are stopped, whoever makes them", () => {
  const failedCi = said("CI_FAILED", { prNumber: seenPr().number, headSha: sha("a"), failedChecks: [], preExisting: [] });
  const idle: History = [...toOpen, [12, failedCi]];
  const round = (n: number): History => [
    [12 + n, requested("fix-ci", 10 + n, sha("a"))],
    [12 + n, said("ISSUE_UNASSIGNED", { agentId, runId: runId(10 + n), cause: "infra", reason: "r" })],
    [12 + n, said("ISSUE_ASSIGNED", { agentId, attempt: 1, branch: "rig/12-round-prices-half-up-1", runId: runId(20 + n) })],
  ];
  const sameTree = said("PR_UPDATED", { prNumber: seenPr().number, headSha: sha("b"), previousSha: sha("a"), treeSha: sha("a") });
  const limits = { limits: { idleRuns: 1 } };
  // Lost runners are another's fault; a push with the same files is not progress.
  expect(folded([...idle, ...round(1)]).idleRuns).toBe(0);
  const pushed = folded([...toOpen, [12, requested("fix-ci", 11, sha("a"))], [13, finished(11)], [14, sameTree]]);
  expect(pushed.idleRuns).toBe(1);
  const history: History = [
    ...toOpen,
    [12, requested("fix-ci", 11, sha("a"))],
    [13, finished(11)],
    [14, sameTree],
    [15, said("CI_FAILED", { prNumber: seenPr().number, headSha: sha("b"), failedChecks: [], preExisting: [] })],
  ];
  const seen = { pullRequest: seenPr({ headSha: sha("b"), checks: { state: "failed", names: ["test"], failed: [] } }) };
  expect(settle(scene({ history, minute: 16, policy: limits, seen })).events).toMatchObject([
    { type: "ESCALATED", data: { about: "bound", reason: "1 runs in a row changed neither a file nor a verdict." } },
  ]);
});

test.each([
  ["a locked conversation", { issue: { ...seenIssue, locked: true } }, undefined],
  ["a resting repository", {}, "It was made public, and agents do not run on self-hosted runners there."],
])("%s holds the issue until it is over, by itself", (_, seen, paused) => {
  const stage = scene({ history: atWork, minute: 5, seen });
  const { events, scene: after } = settle(paused ? { ...stage, paused } : stage);
  expect(events.map(({ type }) => type)).toEqual(["ISSUE_HELD"]);
  expect(why(after)).not.toContain("/rig resume");
  const { paused: _gone, ...over } = after;
  expect(settle({ ...over, seen: { ...after.seen, issue: seenIssue } }).events.map(({ type }) => type)).toEqual(["ISSUE_RELEASED"]);
});

test("R3: a text that was changed after the label, and before anybody looked, is not what was approved", () => {
  const edited = { by: "guest", at: at(1) };
  const { events } = settle(scene({ seen: { issue: { ...seenIssue, edited } } }));
  expect(events).toMatchObject([{ type: "ISSUE_APPROVED" }, { type: "APPROVAL_STALE", data: { changedBy: "guest" } }]);
  expect(concluded({ seen: { issue: { ...seenIssue, edited: { ...edited, at: at(-1) } } } })).toEqual(["ISSUE_APPROVED"]);
});

test("F33: opened again, an issue needs a new approval; the act that was used is used up", () => {
  const withdrawn: History = [
    [0, approved],
    [1, said("ISSUE_WITHDRAWN", { by: "jonas", reason: "jonas closed the issue." })],
  ];
  expect(concluded({ history: withdrawn })).toEqual([]);
  expect(why(scene({ history: withdrawn }))).toContain("take agent-ready off and put it on again");
  expect(concluded({ history: withdrawn, seen: { issue: { ...seenIssue, trigger: { ...person, id: "5002" } } } })).toEqual([
    "ISSUE_APPROVED",
  ]);
});

test.each([
  ["deleted", "The issue was deleted."],
  ["transferred", "The issue was moved to another repository, where it needs an approval of its own."],
] as const)("F33: an issue that was %s is given up", (gone, reason) => {
  const { events } = settle(scene({ history: atWork, seen: { issue: { ...seenIssue, open: false, gone } } }));
  expect(events).toMatchObject([{ type: "ISSUE_WITHDRAWN", data: { reason } }]);
});

test("an issue that has used all of its runs goes to a person", () => {
  const { events } = settle(scene({ history: atWork.slice(0, 2), policy: { limits: { runsPerIssue: 1 } } }));
  expect(events).toMatchObject([{ type: "RUN_REQUESTED" }]);
  const lost: History = [
    ...atWork,
    [3, said("ISSUE_UNASSIGNED", { agentId, runId: runId(1), cause: "infra", reason: "r" })],
    [4, said("ISSUE_ASSIGNED", { agentId, attempt: 1, branch: "rig/12-round-prices-half-up-1", runId: runId(2) })],
  ];
  expect(settle(scene({ history: lost, policy: { limits: { runsPerIssue: 1 } } })).events).toMatchObject([
    { type: "ESCALATED", data: { about: "bound", reason: "The issue has used all of its 1 runs." } },
  ]);
});

test("a spoken priority stands until the labels change", () => {
  const spoken: History = [
    [0, approved],
    [1, said("PRIORITY_CHANGED", { from: "normal", to: "high", by: "maria", source: "command" })],
  ];
  expect(concluded({ history: spoken })).toEqual([]);
  expect(concluded({ history: spoken, seen: { issue: { ...seenIssue, labels: ["agent-ready", "critical"] } } })).toEqual([
    "PRIORITY_CHANGED",
  ]);
});

const beat = (minute: number, treeSha: string): History[number] => [
  minute,
  said("HEARTBEAT", { agentId, status: "working", runId: runId(1), progress: { turns: minute, toolCalls: minute, treeSha, testRuns: 0 } }),
];

test("an agent that lives and gets nowhere is stopped; one that changes files is not", () => {
  const idle: History = [...atWork, beat(3, "t1"), beat(10, "t1"), beat(17, "t1")];
  expect(concluded({ history: idle, minute: 18 })).toEqual(["AGENT_STUCK"]);
  expect(concluded({ history: [...idle.slice(0, -1), beat(17, "t2")], minute: 18 })).toEqual([]);
});

test("an agent that makes the same call again and again is stopped, whatever runtime reports it", () => {
  const repeating = (sameCalls: number): History => [
    ...atWork,
    [3, said("HEARTBEAT", { agentId, status: "working", runId: runId(1), progress: { turns: 9, toolCalls: 9, sameCalls } })],
  ];
  expect(concluded({ history: repeating(4), minute: 4 })).toEqual([]);
  expect(concluded({ history: repeating(5), minute: 4 })).toEqual(["AGENT_STUCK"]);
});

test("F17: a runner that does not come is shown before it is given up", () => {
  const dispatched: History = atWork.slice(0, 3);
  expect(concluded({ history: dispatched, minute: 5 })).toEqual([]);
  const { events, scene: after } = settle(scene({ history: dispatched, minute: 7 }));
  expect(events).toMatchObject([{ type: "RUNNER_STARVED", data: { waitedMinutes: 6 } }]);
  expect(why(after)).toContain("No runner has taken it for too long");
  expect(settle(after).wakeAt).toEqual(at(16));
});

test("F20: a run that GitHub's concurrency ended goes back to the queue without a strike; one that a person ended is theirs", () => {
  const ended = (superseded: boolean) => ({
    run: { runId: runId(1), status: "completed" as const, conclusion: "cancelled", ...(superseded ? { superseded } : {}) },
  });
  expect(concluded({ history: atWork, minute: 4, seen: ended(true) })).toEqual(["AGENT_STUCK", "ISSUE_UNASSIGNED"]);
  expect(concluded({ history: atWork, minute: 4, seen: ended(false) })).toEqual(["AGENT_STUCK", "ISSUE_UNASSIGNED", "ISSUE_HELD"]);
});
