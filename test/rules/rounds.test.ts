/** A round is a run without an issue: it is asked for, retried where it was lost, and over; nobody has to decide anything about it. */
import { expect, test } from "@jest/globals";
import { decide } from "../../app/decide.ts";
import { refused } from "../../app/domain/accepts.ts";
import type { Said } from "../../app/domain/envelope.ts";
import type { EventData } from "../../app/domain/events.ts";
import { AgentId, NO_ISSUE, roundStream } from "../../app/domain/ids.ts";
import { project } from "../../app/domain/projection.ts";
import { stateOf } from "../../app/domain/state.ts";
import { settle } from "../../app/rules/index.ts";
import { why } from "../../app/rules/why.ts";
import { finished, folded, type History, runId, type Stage, said, scene as sceneOf, sha } from "./stage.ts";

const agentId = AgentId.parse("monitor-e");
const round = { agent: "monitor-e", agentId, kind: "diagnose", title: "Find the cause", brief: "It is slow.", by: "rig" } as const;
const asked = said("ROUND_REQUESTED", round);
const requested = (n: number, attempt = n): Said =>
  said("RUN_REQUESTED", {
    ...{ runId: runId(n), agent: "monitor-e", agentId, kind: "diagnose", attempt, branch: "", baseSha: sha("0"), findings: [] },
  });
const started = (n: number) => said("WORK_STARTED", { agentId, runId: runId(n), workflowRunUrl: "https://github.example/runs/1" });
const stuck = (n: number, cause: EventData<"AGENT_STUCK">["cause"], reason = "It was lost.") =>
  said("AGENT_STUCK", { agentId, runId: runId(n), attempt: 1, cause, reason, fingerprint: "x" });
const reported = said("RUN_FINISHED", {
  ...{ runId: runId(1), outcome: "report", usd: 0.2, turns: 3, minutes: 2 },
  tokens: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 },
  diagnosis: { cause: "An index is missing.", confidence: "high", evidence: ["db/1.sql:3"], next: "Add it." },
});

const scene = (stage: Stage) => ({
  ...sceneOf(stage),
  subject: { ...sceneOf(stage).subject, kind: "round" as const, number: NO_ISSUE, stream: roundStream("monitor-e", 4242, "f-1") },
});
const concluded = (stage: Stage) => settle(scene(stage)).events;
const underWay: History = [
  [0, asked],
  [0, requested(1)],
];
const atWork: History = [...underWay, [1, started(1)]];

test("a round asks for its run once, at the head of the default branch and on no branch of its own", () => {
  const [event, ...others] = concluded({ history: [[0, asked]], minute: 0 });
  expect(others).toEqual([]);
  expect(event).toMatchObject({
    type: "RUN_REQUESTED",
    data: { agent: "monitor-e", agentId, kind: "diagnose", attempt: 1, branch: "", baseSha: sha("0"), findings: [] },
  });
  expect(concluded({ history: underWay, minute: 1 })).toEqual([]);
});

test("it is dispatched with the run's id and nothing else, and no surface shows it", () => {
  const { commands } = decide(scene({ history: [[0, asked]], minute: 0 }), [], "https://rig.example") as { commands: readonly object[] };
  expect(commands).toMatchObject([{ kind: "DISPATCH_RUN", data: { workflow: "monitor-e.yml", ref: "main" } }]);
  const end = decide(scene({ history: atWork, minute: 5 }), [reported], "https://rig.example") as { commands: readonly object[] };
  expect(end.commands).toEqual([]);
});

test("it is over when it has reported, and says nothing more however long it is looked at", () => {
  const history: History = [...atWork, [5, reported]];
  expect(stateOf(folded(history))).toBe("done");
  expect(concluded({ history, minute: 600 })).toEqual([]);
  expect(why(scene({ history }))).toBe("Done: it said what it found.");
});

test.each([
  ["a lost run", [stuck(1, "infra")], "in_progress", ["RUN_REQUESTED"]],
  ["a second lost one", [stuck(1, "infra"), requested(2), stuck(2, "infra")], "in_progress", ["RUN_REQUESTED"]],
  ["a third lost one", [stuck(1, "infra"), requested(2), stuck(2, "infra"), requested(3), stuck(3, "infra")], "done", []],
  ["an agent that gave up", [stuck(1, "agent")], "done", []],
  ["a run that a person cancelled", [stuck(1, "human")], "done", []],
  ["a run that GitHub gave up for a newer one", [stuck(1, "superseded")], "done", []],
  ["a run at its limit", [finished(1, "limit_reached")], "done", []],
  ["a run that failed", [finished(1, "failed")], "done", []],
])("%s leaves it as it should be", (_, events, state, types) => {
  const history: History = [...atWork, ...events.map((event) => [10, event] as const)];
  expect(stateOf(folded(history))).toBe(state);
  expect(concluded({ history, minute: 11 }).map(({ type }) => type)).toEqual(types);
});

test("none of that is a strike, a waiting or an escalation, and the reason stands where people look", () => {
  const history: History = [...atWork, [10, stuck(1, "agent", "There was nothing to go by")]];
  const issue = folded(history);
  expect(issue).toMatchObject({ strikes: 0 });
  expect(issue.escalation).toBeUndefined();
  expect(issue.waiting).toBeUndefined();
  expect(why(scene({ history }))).toBe("Done without a result: There was nothing to go by.");
});

test("a budget that is spent ends its run at the gateway, and nobody is asked for more", () => {
  const spent = said("BUDGET_EXCEEDED", { scope: "issue", unit: "usd", limit: 15, spent: 15.2 });
  const decided = decide(scene({ history: atWork, minute: 5 }), [spent], "https://rig.example") as { commands: readonly object[] };
  expect(folded([...atWork, [5, spent]]).waiting).toBeUndefined();
  expect(decided.commands).toEqual([]);
});

test("an agent that goes silent, or never ends, is given up", () => {
  expect(concluded({ history: atWork, minute: 7 })).toMatchObject([{ type: "AGENT_STUCK", data: { cause: "agent" } }]);
  expect(settle(scene({ history: atWork, minute: 2 })).wakeAt).toEqual(new Date("2026-11-22T09:06:00Z"));
});

test("one that reads for a long while without changing a file is not taken for idle", () => {
  const beat = (turns: number) => said("HEARTBEAT", { agentId, runId: runId(1), status: "working", progress: { turns, toolCalls: turns } });
  const history: History = [...atWork, ...Array.from({ length: 10 }, (_, n) => [2 + 2 * n, beat(n)] as const)];
  expect(concluded({ history, minute: 20 })).toEqual([]);
});

test("a run that no runner takes is lost", () => {
  const history: History = [...underWay, [5, said("RUNNER_STARVED", { runId: runId(1), waitedMinutes: 5, detail: "Nobody." })]];
  expect(concluded({ history, minute: 15 })).toMatchObject([
    { type: "AGENT_STUCK", data: { cause: "infra", reason: "No runner took the run within 15 minutes." } },
    { type: "RUN_REQUESTED", data: { attempt: 2 } },
  ]);
});

test("a workflow that GitHub does not start is tried three times and no more", () => {
  const dead = (n: number) => ({
    ...({ key: `k${n}`, kind: "DISPATCH_RUN", state: "dead", response: null, error: "Not Found" } as const),
    data: { runId: runId(n), workflow: "monitor-e.yml", ref: "main" },
  });
  const history: History = [...underWay, [1, stuck(1, "infra")], [1, requested(2)], [2, stuck(2, "infra")], [2, requested(3)]];
  const events = concluded({ history, minute: 3, effects: [dead(1), dead(2), dead(3)] });
  expect(events).toMatchObject([{ type: "AGENT_STUCK", data: { runId: runId(3), cause: "infra" } }]);
  expect(events).toHaveLength(1);
});

test.each([
  ["a repository that rests", { paused: "The repository was made public." }, undefined],
  ["a repository that is only observed", {}, { mode: "observe" }],
])("%s has its round ended, and asked for no more", (_, more, policy) => {
  const stage = { history: atWork, minute: 3, ...(policy ? { policy } : {}) };
  const { events } = settle({ ...scene(stage), ...more });
  expect(events).toMatchObject([{ type: "AGENT_STUCK", data: { cause: "human" } }]);
  const { commands } = decide({ ...scene(stage), ...more }, [], "https://rig.example") as {
    commands: readonly { kind: string }[];
  };
  expect(commands.map(({ kind }) => kind)).toEqual(policy ? [] : ["CANCEL_RUN"]);
});

test("the tables have it apart from the issues: another kind, number 0, never ready, and no agent taken up", () => {
  const subject = scene({}).subject;
  expect(project(subject, folded(atWork), "why")).toMatchObject({
    issue: { kind: "round", number: 0, title: "Find the cause", state: "in_progress", ready: false, branch: null },
    assignment: null,
    runs: [{ agent: "monitor-e", kind: "diagnose", attempt: 1 }],
  });
});

test("a round is asked for once", () => {
  expect(refused(folded([[0, asked]]), asked as never)).toBe("the round was asked for already");
});
