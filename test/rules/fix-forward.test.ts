/** What is merged and fails out there is mended forward, a bounded number of times. */
import { expect, test } from "@jest/globals";
import { refused } from "../../app/domain/accepts.ts";
import type { EffectOutcome } from "../../app/domain/commands.ts";
import type { EventData, Probe } from "../../app/domain/events.ts";
import { evolve } from "../../app/domain/evolve.ts";
import { eventId } from "../../app/domain/ids.ts";
import { Policy } from "../../app/domain/policy.ts";
import { project } from "../../app/domain/projection.ts";
import { stateOf } from "../../app/domain/state.ts";
import { publishable } from "../../app/door/runs/publish-token.ts";
import { react } from "../../app/reactions/index.ts";
import { settle } from "../../app/rules/index.ts";
import { smokeFailed } from "../../app/rules/smoke-failure.ts";
import { why } from "../../app/rules/why.ts";
import {
  agentId,
  at,
  concluded,
  finished,
  folded,
  type History,
  merged,
  requested,
  runId,
  said,
  scene,
  seenIssue,
  sha,
  started,
  toReviewed,
} from "./stage.ts";

const fault: Probe = { url: "http://staging.shop.example/health", ok: false, detail: "answers 500, not 200", name: "health" };
const smoke = (more: Partial<EventData<"SMOKE_FAILED">> = {}) =>
  said("SMOKE_FAILED", {
    ...{ environment: "staging", sha: sha("e"), failed: [fault], retry: 1, maxRetries: 3, cause: "code", because: "health answers 500." },
    ...more,
  });
const toMerged: History = [...toReviewed, [21, merged]];
const toBroken: History = [...toMerged, [25, smoke()]];
const again = said("ISSUE_ASSIGNED", { agentId, attempt: 2, branch: "rig/12-round-prices-half-up-2", runId: runId(3) });
const closed = { ...seenIssue, open: false, withdrawn: { by: "rig[bot]", at: at(21) } };
const reopening = (state: EffectOutcome["state"], minute?: number): EffectOutcome => ({
  ...{ key: "reopen", kind: "REOPEN_ISSUE", state, data: { number: 12 } },
  response: minute === undefined ? undefined : { state: "open", at: at(minute).toISOString() },
  ...(minute === undefined ? {} : { settledAt: at(minute) }),
});

test("a failure of the code goes back to the front of the queue, with all that was counted and what is broken", () => {
  const issue = folded(toBroken);
  expect(stateOf(issue)).toBe("queued");
  expect(issue.approval).toEqual(folded(toMerged).approval);
  expect([issue.attempts, issue.usd, issue.runs.length]).toEqual([1, 0.2, 2]);
  expect(issue.release.staging).toEqual({ requests: 0, smokeFailures: 1 });
  expect(issue.merges).toEqual([{ prNumber: 7, mergeSha: sha("e"), at: at(21) }]);
  expect(issue.broken).toMatchObject({ environment: "staging", sha: sha("e"), prNumber: 7, retry: 1, maxRetries: 3 });
  for (const gone of ["merged", "pullRequest", "ci", "review", "assignment", "mergeRequestedFor"] as const)
    expect(issue).not.toHaveProperty(gone);
  expect(project(scene({}).subject, issue, "").issue.set_aside).toBe(true);
});

test("it is mended on a fresh branch from the head of the default branch, with the evidence", () => {
  const { events } = settle(scene({ history: [...toBroken, [26, again]], effects: [reopening("confirmed", 25)] }));
  expect(events.map(({ type, data }) => [type, data])).toEqual([
    [
      "RUN_REQUESTED",
      expect.objectContaining({ kind: "fix-smoke", baseSha: sha("0"), branch: "rig/12-round-prices-half-up-2", attempt: 2 }),
    ],
  ]);
  const findings = JSON.stringify(events[0]?.data);
  for (const told of ["staging runs", sha("e"), "pull request #7", "http://staging.shop.example/health", "answers 500, not 200"])
    expect(findings).toContain(told);
});

test("its issue is opened again and people are told; the merged pull request is left alone", () => {
  const [before, after] = [folded(toMerged), folded(toBroken)];
  const context = {
    subject: scene({}).subject,
    before,
    after,
    policy: Policy.parse({}),
    defaultBranch: "main",
    cto: ["maria"],
    notices: [],
  };
  const commands = react(smoke(), eventId("acme/shop#12", 30), context);
  expect(commands.map(({ kind }) => kind)).toEqual(["REOPEN_ISSUE", "NOTIFY"]);
  expect(commands[1]).toMatchObject({
    data: { message: { description: "It is mended forward, 1 of 3. health answers 500.", mentions: [] } },
  });
  expect(react(smoke(), eventId("acme/shop#12", 30), { ...context, after: before })).toEqual([]);
});

test("what a run of the time before has left to publish is published no more", () => {
  const brief: History = [...toReviewed.slice(0, 5), ...toReviewed.slice(5, 6), [21, merged], [25, smoke()]];
  expect(() => publishable(folded(brief), runId(1))).toThrow("the pull request is merged");
});

test("nobody begins before the issue is open again", () => {
  const { events, wakeAt } = settle(scene({ history: [...toBroken, [26, again]], seen: { issue: closed }, effects: [reopening("sent")] }));
  expect([events, wakeAt]).toEqual([[], new Date(at(60).getTime() + 30_000)]);
  const refused = { ...reopening("dead"), error: "403", settledAt: at(27) };
  expect(concluded({ history: toBroken, seen: { issue: closed }, effects: [refused] })).toEqual(["ESCALATED"]);
});

test("an attempt that failed at mending it is followed by another one that mends", () => {
  const stuck = said("AGENT_STUCK", { agentId, runId: runId(3), attempt: 2, cause: "agent", reason: "It hung.", fingerprint: "" });
  const lost = said("ISSUE_UNASSIGNED", { agentId, runId: runId(3), cause: "agent", reason: "It hung." });
  const third = said("ISSUE_ASSIGNED", { agentId, attempt: 3, branch: "rig/12-round-prices-half-up-3", runId: runId(4) });
  const history: History = [...toBroken, [26, again], [26, requested("fix-ci", 3)], [27, stuck], [27, lost], [28, third]];
  expect(folded(history).strikes).toBe(1);
  const { events } = settle(scene({ history, effects: [reopening("confirmed", 25)] }));
  expect(events[0]).toMatchObject({ type: "RUN_REQUESTED", data: { kind: "fix-smoke", attempt: 3 } });
});

test("that a run of the time before was asked to make room is nobody's matter any more", () => {
  const asked = said("CHECKPOINT_REQUESTED", { runId: runId(1), reason: "Another needs the slot." });
  const before: History = [...toReviewed.slice(0, 4), [9, asked], ...toReviewed.slice(4), [21, merged], [25, smoke()], [26, again]];
  expect(concluded({ history: before, effects: [reopening("confirmed", 25)] })).toEqual(["RUN_REQUESTED"]);
});

test.each([
  ["the merge itself", [], at(21), []],
  ["the merge itself, while it is being opened again", [reopening("sent")], at(21), []],
  ["the merge itself, and a look that came late", [reopening("confirmed", 25)], at(21), []],
  ["the second merge, after what was done about the first", [reopening("confirmed", 20)], at(22), []],
  ["a person afterwards", [reopening("confirmed", 25)], at(30), ["ISSUE_WITHDRAWN"]],
  ["a person in the same second", [reopening("confirmed", 25)], at(25), ["ISSUE_WITHDRAWN"]],
  ["a person, where it was never opened again", [reopening("dead")], at(30), ["ISSUE_WITHDRAWN"]],
] as const)("closed by %s", (_, effects, closedAt, events) => {
  const seen = { issue: { ...closed, withdrawn: { by: "jonas", at: closedAt } } };
  expect(concluded({ history: toBroken, seen, effects })).toEqual(events);
});

test("a person who takes the label off meanwhile withdraws it, and a changed text has to be approved", () => {
  const { trigger: _, ...unlabelled } = seenIssue;
  const effects = [reopening("confirmed", 25)];
  const seen = { issue: { ...unlabelled, labels: [], withdrawn: { by: "jonas", at: at(30) } } };
  expect(concluded({ history: toBroken, seen, effects })).toEqual(["ISSUE_WITHDRAWN"]);
  expect(concluded({ history: toBroken, seen: { issue: { ...seenIssue, bodyHash: "other" } }, effects })).toEqual(["APPROVAL_STALE"]);
});

const failing = (history: History, policy: object = {}) => {
  const given = { deploy: { staging: { workflow: "deploy.yml" }, production: { workflow: "deploy.yml" } }, ...policy };
  return smokeFailed(scene({ history, policy: given }), "staging", sha("e"), [fault]).events;
};

test("so often it is mended without a person, and then a person is asked with the evidence", () => {
  let history: History = toMerged;
  for (const retry of [1, 2, 3]) {
    const events = failing(history);
    expect(events).toMatchObject([{ type: "SMOKE_FAILED", data: { retry, maxRetries: 3, cause: "code" } }]);
    history = [...history, [25, smoke({ retry })], [26, merged]];
  }
  const [failed, asked] = failing(history);
  expect(failed).toMatchObject({ type: "SMOKE_FAILED", data: { retry: 4 } });
  expect(asked).toMatchObject({ type: "ESCALATED", data: { about: "smoke", options: ["retry", "rollback", "close"] } });
  const { reason } = (asked?.data ?? {}) as EventData<"ESCALATED">;
  for (const told of ["health answers 500, not 200", "It was mended 3 times"]) expect(reason).toContain(told);
  const issue = folded([...history, [30, smoke({ retry: 4 })], [30, said("ESCALATED", asked?.data as EventData<"ESCALATED">)]]);
  expect([stateOf(issue), issue.merged?.mergeSha]).toEqual(["failed", sha("e")]);
});

test("whoever may take production back is told what it was last verified with", () => {
  const given = { ...scene({ history: toMerged, policy: { limits: { smokeRetries: 0 } } }), lastVerified: sha("d") };
  const reasons = (["production", "staging"] as const).map((environment) =>
    JSON.stringify(smokeFailed(given, environment, sha("e"), [fault]).events),
  );
  expect(reasons.map((reason) => reason.includes(`last verified with ${sha("d")}`))).toEqual([true, false]);
});

test("a failure in production counts with those in staging", () => {
  const events = smokeFailed(scene({ history: [...toBroken, [26, merged]] }), "production", sha("e"), [fault]).events;
  expect(events).toMatchObject([{ type: "SMOKE_FAILED", data: { environment: "production", retry: 2 } }]);
});

test("a dependency is a person's at once: nothing is mended, and no try is used up", () => {
  const events = smokeFailed(scene({ history: toMerged }), "staging", sha("e"), [{ ...fault, dependency: "the till" }]).events;
  expect(events).toMatchObject([
    { type: "SMOKE_FAILED", data: { cause: "external_dependency", retry: 0 } },
    { type: "ESCALATED", data: { about: "smoke", reason: expect.stringContaining("the till") } },
  ]);
  const issue = events.reduce((before, event) => evolve(before, event, at(25)), folded(toMerged));
  expect([stateOf(issue), issue.release.staging.smokeFailures]).toEqual(["failed", 0]);
  const resolved = evolve(issue, said("ESCALATION_RESOLVED", { by: "maria", decision: "retry" }), at(30));
  expect([stateOf(resolved), resolved.release.staging]).toEqual(["deploying", { requests: 0, smokeFailures: 0 }]);
});

test("it is broken until it is healthy where it was", () => {
  const production = evolve(
    folded([...toBroken, [30, merged]]),
    said("SMOKE_PASSED", { environment: "staging", sha: sha("e"), checks: [] }),
    at(31),
  );
  expect(production.broken).toBeUndefined();
  const inProduction = folded([...toMerged, [25, smoke({ environment: "production" })], [30, merged]]);
  expect(evolve(inProduction, said("SMOKE_PASSED", { environment: "staging", sha: sha("e"), checks: [] }), at(31)).broken).toBeDefined();
  expect(evolve(inProduction, said("VERIFIED", { environment: "production", sha: sha("e"), probes: [] }), at(31)).broken).toBeUndefined();
});

test("the sentence says what failed and which try it is", () => {
  const queued = "staging failed with eeeeeee: it is mended forward, 1 of 3. It starts, before others of its class, when an agent is free.";
  expect(why(scene({ history: toBroken }))).toBe(queued);
  const history: History = [...toBroken, [26, again], [26, requested("implement", 3)], [27, started(3)]];
  expect(why(scene({ history }))).toMatch(/^staging failed with eeeeeee: it is mended forward, 1 of 3\. dev-e-1 /);
});

test("nothing fails where nothing is merged", () => {
  expect(refused(folded(toReviewed), smoke())).toBe("nothing is merged");
  expect(finished(1).type).toBe("RUN_FINISHED");
});
