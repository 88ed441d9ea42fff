/** Dependencies, interruption, second attempts: what stands in the queue, and why. */
import { expect, test } from "@jest/globals";
import { refused } from "../../app/domain/accepts.ts";
import { isReady, stateOf } from "../../app/domain/state.ts";
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

const dependingOn = (...states: readonly ("open" | "closed" | "unknown")[]) => ({
  issue: { ...seenIssue, dependencies: states.map((state, index) => ({ ref: `acme/shop#${index + 1}`, state })) },
});
const waits = (on: readonly string[], reason = `It depends on ${on.join(", ")}.`) =>
  said("ISSUE_WAITING", { for: "dependency", on: [...on], reason });

test("an issue whose dependency is open stays in the queue, is not ready, and says why", () => {
  const { events, scene: after } = settle(scene({ history: [[0, approved]], seen: dependingOn("open", "closed") }));
  expect(events).toMatchObject([{ type: "ISSUE_WAITING", data: { for: "dependency", on: ["acme/shop#1"] } }]);
  expect([stateOf(after.issue), isReady(after.issue)]).toEqual(["queued", false]);
  expect(why(after)).toBe("Queued: It depends on acme/shop#1. It starts when that is closed.");
});

test("what the Rig cannot read counts as open, and is said to be so", () => {
  const { events } = settle(scene({ history: [[0, approved]], seen: dependingOn("unknown") }));
  expect(events).toMatchObject([{ data: { reason: "It depends on acme/shop#1 (which the Rig cannot read)." } }]);
});

test("a ring of dependencies is called one", () => {
  const seen = { issue: { ...dependingOn("open").issue, cycle: ["acme/shop#12", "acme/shop#1", "acme/shop#12"] } };
  expect(settle(scene({ history: [[0, approved]], seen })).events).toMatchObject([
    { data: { reason: expect.stringContaining("form a ring: acme/shop#12 → acme/shop#1 → acme/shop#12.") } },
  ]);
});

test.each([
  ["closed, it is ready", dependingOn("closed"), ["ISSUE_RESUMED"]],
  ["still open, nothing is said again", dependingOn("open"), []],
  ["joined by another, the reason changes", dependingOn("open", "open"), ["ISSUE_WAITING"]],
])("once what it waits for is %s", (_, seen, types) => {
  const history: History = [
    [0, approved],
    [1, waits(["acme/shop#1"])],
  ];
  expect(concluded({ history, seen })).toEqual(types);
});

test("nobody is given an issue that waits for others", () => {
  const waiting = folded([
    [0, approved],
    [1, waits(["acme/shop#1"])],
  ]);
  expect(refused(waiting, assigned)).toBe("the issue waits: It depends on acme/shop#1.");
});

const asked = said("CHECKPOINT_REQUESTED", { runId: runId(1), reason: "acme/shop#99 is critical and needs the slot." });
const atWork: History = [
  [0, approved],
  [1, assigned],
  [1, requested("implement", 1)],
  [2, started(1)],
];

test("a run that was asked to make room has its time to keep its work, and is judged for nothing meanwhile", () => {
  const { events, wakeAt } = settle(scene({ history: [...atWork, [3, asked]], minute: 4 }));
  expect(events).toEqual([]);
  expect(wakeAt).toEqual(at(5));
});

test.each([
  ["has kept it", [4, said("CHECKPOINT_SAVED", { runId: runId(1), sha: sha("c"), bytes: 10, usd: 0.1 })], 4],
  ["has ended", [4, finished(1, "failed")], 4],
  ["has had its time", [3, said("HEARTBEAT", { agentId, status: "working", runId: runId(1), progress: { turns: 1, toolCalls: 1 } })], 5],
] as const)("once it %s, the issue goes back to the front of its class, without a strike", (_, event, minute) => {
  const { events, scene: after } = settle(scene({ history: [...atWork, [3, asked], event], minute }));
  expect(events).toMatchObject([{ type: "ISSUE_UNASSIGNED", data: { cause: "preempted" } }]);
  expect(stateOf(after.issue)).toBe("queued");
  expect(after.issue).toMatchObject({ strikes: 0, setAside: { attempt: 1, branch: "rig/12-round-prices-half-up-1" } });
});

test("the next run of an interrupted attempt goes on with what was kept, from where it began", () => {
  const kept: History = [
    ...atWork,
    [3, asked],
    [4, said("CHECKPOINT_SAVED", { runId: runId(1), sha: sha("c"), bytes: 10, usd: 0.1 })],
    [4, said("ISSUE_UNASSIGNED", { agentId, runId: runId(1), cause: "preempted", reason: "r" })],
    [9, said("ISSUE_ASSIGNED", { agentId, attempt: 1, branch: "rig/12-round-prices-half-up-1", runId: runId(2) })],
  ];
  const { events } = settle(scene({ history: kept, minute: 9, seen: { defaultBranch: { name: "main", sha: sha("f") } } }));
  expect(events).toMatchObject([
    { type: "RUN_REQUESTED", data: { runId: runId(2), attempt: 1, baseSha: sha("0"), resumes: runId(1), kind: "implement" } },
  ]);
});

test("an interrupted fix keeps its pull request, and is not counted as a round", () => {
  const failedCi = said("CI_FAILED", { prNumber: seenPr().number, headSha: sha("a"), failedChecks: [], preExisting: [] });
  const fixing: History = [...toOpen, [12, failedCi], [12, requested("fix-ci", 2, sha("a"))], [13, started(2)]];
  const preempted = said("ISSUE_UNASSIGNED", { agentId, runId: runId(2), cause: "preempted", reason: "r" });
  const issue = folded([...fixing, [14, preempted]]);
  expect(issue).toMatchObject({ pullRequest: { number: seenPr().number }, ciFixes: 0, strikes: 0 });
});

test("after a strike the next attempt is told why, and waits for another instance", () => {
  const struck: History = [
    ...atWork,
    [5, said("AGENT_STUCK", { agentId, runId: runId(1), attempt: 1, cause: "agent", reason: "It was silent.", fingerprint: "f" })],
    [5, said("ISSUE_UNASSIGNED", { agentId, runId: runId(1), cause: "agent", reason: "It was silent." })],
  ];
  const stage = scene({ history: struck, minute: 6 });
  expect(stage.issue.failure).toMatchObject({ attempt: 1, agentId, reason: "It was silent." });
  expect(stage.issue.setAside).toBeUndefined();
  expect(why(stage)).toBe("Queued for a second attempt: it starts when an instance other than dev-e-1 is free.");
});

test("re-approved with another text, work begins anew", () => {
  const other = said("ISSUE_APPROVED", { ...approved.data, body: "Another text.", bodyHash: "other", actId: "5002" } as never);
  const issue = folded([...toOpen, [12, said("APPROVAL_STALE", { changedBy: "x", newHash: "other" })], [13, other]]);
  expect(issue.pullRequest).toBeUndefined();
  expect(stateOf(issue)).toBe("queued");
});
