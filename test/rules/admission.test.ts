import { describe, expect, test } from "@jest/globals";
import { AUTO_READY } from "../../app/domain/incident.ts";
import { settle } from "../../app/rules/index.ts";
import {
  agentId,
  approved,
  assigned,
  at,
  concluded,
  finished,
  type History,
  person,
  requested,
  rig,
  runId,
  said,
  scene,
  seenIssue,
  started,
  toOpen,
} from "./stage.ts";

const withTrigger = (trigger: object | undefined) => {
  const { trigger: _, ...rest } = seenIssue;
  return { issue: trigger ? { ...rest, trigger: { ...person, ...trigger } } : rest };
};

test.each([
  ["a refused act", { verdict: "refused" as const }],
  ["an act nobody could judge", { verdict: "undecided" as const }],
])("R1: %s admits nothing", (_, trigger) => {
  expect(concluded({ seen: withTrigger(trigger) })).toEqual([]);
});

test("R1: what could not be judged is asked again", () => {
  expect(settle(scene({ seen: withTrigger({ verdict: "undecided" }) })).wakeAt).toEqual(new Date(at(60).getTime() + 30_000));
});

test("R1: a closed issue is not admitted", () => {
  expect(concluded({ seen: { issue: { ...seenIssue, open: false } } })).toEqual([]);
});

test("an issue that is disabled by policy is not admitted", () => {
  expect(concluded({ policy: { mode: "disabled" } })).toEqual([]);
});

test.each([
  ["critical", ["agent-ready", "CRITICAL"]],
  ["high", ["agent-ready", "high-priority"]],
  ["normal", ["agent-ready"]],
])("the labels make it %s", (priority, labels) => {
  expect(settle(scene({ seen: { issue: { ...seenIssue, labels } } })).events).toMatchObject([{ data: { priority } }]);
});

test("R3: whoever changes the text, the approval no longer covers it", () => {
  expect(concluded({ history: [[0, approved]], seen: { issue: { ...seenIssue, bodyHash: "other" } } })).toEqual(["APPROVAL_STALE"]);
});

const stale = said("APPROVAL_STALE", { changedBy: "x", newHash: "other" });

test("R3: on a stale approval nothing is started, and its agent is free for others", () => {
  expect(
    concluded({
      history: [
        [0, approved],
        [1, assigned],
        [2, stale],
      ],
      seen: { issue: { ...seenIssue, bodyHash: "other" } },
    }),
  ).toEqual(["ISSUE_UNASSIGNED"]);
});

test("R3: the same act does not approve the new text, a new one does", () => {
  const history: History = [
    [0, approved],
    [1, stale],
  ];
  const changed = { ...seenIssue, body: "new", bodyHash: "other" };
  expect(concluded({ history, seen: { issue: changed } })).toEqual([]);
  expect(settle(scene({ history, seen: { issue: { ...changed, trigger: { ...person, id: "5002" } } } })).events).toMatchObject([
    { type: "ISSUE_APPROVED", data: { body: "new", bodyHash: "other" } },
  ]);
});

test("taking the label off takes the work back", () => {
  expect(concluded({ history: toOpen.slice(0, 4), seen: withTrigger(undefined) })).toEqual(["ISSUE_WITHDRAWN"]);
});

test("closing the issue takes the work back", () => {
  expect(concluded({ history: [[0, approved]], seen: { issue: { ...seenIssue, open: false } } })).toEqual(["ISSUE_WITHDRAWN"]);
});

test("rig:hold holds, and its absence releases", () => {
  const hold = { ...person, id: "6001" };
  expect(concluded({ history: [[0, approved]], seen: { issue: { ...seenIssue, hold } } })).toEqual(["ISSUE_HELD"]);
  const held: History = [
    [0, approved],
    [1, said("ISSUE_HELD", { by: "jonas", reason: "jonas put rig:hold on it.", until: "label-off" })],
  ];
  expect(concluded({ history: held, seen: { issue: { ...seenIssue, hold } } })).toEqual([]);
  expect(concluded({ history: held })).toEqual(["ISSUE_RELEASED"]);
});

test("a failed issue comes back when a person approves it again, with its counters at zero", () => {
  const stuck = said("AGENT_STUCK", { agentId, runId: runId(1), attempt: 1, cause: "agent", reason: "r", fingerprint: "r" });
  const unassigned = said("ISSUE_UNASSIGNED", { agentId, runId: runId(1), cause: "agent", reason: "r" });
  const escalated = said("ESCALATED", { level: "cto", about: "strikes", reason: "2 attempts failed", attempts: 2, options: [] });
  const history: History = [
    [0, approved],
    [1, assigned],
    [1, requested("implement", 1)],
    [2, started(1)],
    [3, finished(1, "failed")],
    [4, stuck],
    [4, unassigned],
    [4, escalated],
  ];
  expect(concluded({ history, minute: 5 })).toEqual([]);
  const again = settle(scene({ history, minute: 5, seen: withTrigger({ id: "5002" }) }));
  expect(again.events.map(({ type }) => type).slice(0, 2)).toEqual(["ISSUE_RELEASED", "ISSUE_APPROVED"]);
  expect(again.scene.issue).toMatchObject({ strikes: 0, ciFixes: 0 });
});

describe("R1: an incident's own issue", () => {
  const autoReady = { monitor: { autoReady: true } };
  const filed = { eventId: "e1", bodyHash: seenIssue.bodyHash };
  const ours = { id: "6001", by: "engineering-rig[bot]", byId: rig, verdict: "refused" as const };
  const look = (more: Partial<Parameters<typeof scene>[0]> = {}, found: object | null = filed, trigger: object = ours) =>
    settle({ ...scene({ policy: autoReady, seen: withTrigger(trigger), ...more }), ...(found ? { filed: found as typeof filed } : {}) })
      .events;

  test("is handed over by our own label, where the default branch says so", () => {
    expect(look()).toMatchObject([{ type: "ISSUE_APPROVED", data: { approvedBy: AUTO_READY, actId: "e1" }, actor: { kind: "app" } }]);
  });

  test.each([
    ["the policy does not say so now", { policy: {} }, filed, ours],
    ["no incident's history names it", {}, null, ours],
    ["its text is not the one that the Rig wrote", {}, { ...filed, bodyHash: "other" }, ours],
    ["another bot put the label on", {}, filed, { ...ours, by: "renovate[bot]", byId: 77 }],
    ["a person did who may not", {}, filed, { ...ours, by: "guest", byId: 30 }],
  ])("is not, where %s", (_, more, found, trigger) => {
    expect(look(more, found, trigger)).toEqual([]);
  });

  test("is not a second time: what a person took back only a person gives again", () => {
    const approval = said("ISSUE_APPROVED", { ...(approved.data as object), approvedBy: AUTO_READY, actId: "e1" } as never);
    const history: History = [
      [0, approval],
      [1, said("ISSUE_WITHDRAWN", { by: "jonas", reason: "jonas took the agent-ready label off." })],
    ];
    expect(look({ history })).toEqual([]);
    expect(look({ history }, filed, person)).toMatchObject([{ type: "ISSUE_APPROVED", data: { approvedBy: "jonas" } }]);
  });

  test("is stale once somebody changes its text", () => {
    const approval = said("ISSUE_APPROVED", { ...(approved.data as object), approvedBy: AUTO_READY, actId: "e1" } as never);
    const seen = { issue: { ...withTrigger(ours).issue, bodyHash: "other" } };
    expect(look({ history: [[0, approval]], seen }).map(({ type }) => type)).toEqual(["APPROVAL_STALE"]);
  });
});
