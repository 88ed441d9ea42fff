import { expect, test } from "@jest/globals";
import type { Priority } from "../../app/domain/events.ts";
import { AgentId, type StreamId } from "../../app/domain/ids.ts";
import { Policy } from "../../app/domain/policy.ts";
import { queueReason } from "../../app/web/turns.ts";

const first = AgentId.parse("dev-e-1");
const second = AgentId.parse("dev-e-2");
const ops = AgentId.parse("ops-e-1");
const has = (agentId: AgentId, number: number, priority: Priority = "normal") => ({
  agentId,
  stream: `octo/tea#${number}` as StreamId,
  priority,
});
const turn = { ready: true, waitingOn: [], avoids: null, readyAhead: 0, priority: "normal" as Priority, why: "Its own words." };
const scene = {
  paused: false,
  repository: { owner: "octo", name: "tea", pausedBecause: null },
  policy: Policy.parse({}),
  assignments: [],
  today: { usd: 0, tokens: 0, runs: 0 },
};

test.each([
  ["the Rig is paused", turn, { paused: true }, "The Rig is paused (RIG_PAUSED): nothing is dispatched."],
  [
    "its repository is paused",
    turn,
    { repository: { ...scene.repository, pausedBecause: "It is archived." } },
    "octo/tea is paused: It is archived.",
  ],
  [
    "its repository only observes",
    turn,
    { policy: Policy.parse({ mode: "observe" }) },
    "The repository's mode is observe: nothing starts there.",
  ],
  ["others come first", { ...turn, ready: false, waitingOn: ["a/b#1", "a/b#2"] }, {}, "It depends on a/b#1, a/b#2, which are not done."],
  ["something else holds it back", { ...turn, ready: false }, {}, "Its own words."],
  [
    "the day's dollars are spent",
    turn,
    { today: { usd: 50, tokens: 0, runs: 0 } },
    "The repository has used up its budget of the day: $50.00 of $50. The next day begins at 00:00 UTC.",
  ],
  [
    "the day's runs are used",
    turn,
    { today: { usd: 0, tokens: 0, runs: 100 } },
    "The repository has used up its budget of the day: 100 of 100 runs. The next day begins at 00:00 UTC.",
  ],
  [
    "everybody is busy",
    turn,
    { assignments: [has(first, 1), has(second, 2)] },
    "All agents are busy: dev-e-1 with octo/tea#1, dev-e-2 with octo/tea#2.",
  ],
  [
    "room is made for it",
    { ...turn, priority: "critical" as const },
    { assignments: [has(first, 1), has(second, 2, "critical")] },
    "All agents are busy: dev-e-1 with octo/tea#1, dev-e-2 with octo/tea#2. Less urgent work is interrupted for it.",
  ],
  [
    "only the instance that failed is free",
    { ...turn, avoids: first },
    { assignments: [has(second, 2)] },
    "dev-e-1 failed at it, so it waits for another instance: dev-e-2 with octo/tea#2.",
  ],
  [
    "the instance that failed is the only one",
    { ...turn, avoids: first },
    { policy: Policy.parse({ agents: { "dev-e": { maxConcurrent: 1 } } }) },
    "An agent is free: it starts within seconds.",
  ],
  [
    "its agent has no instance that is free",
    { ...turn, agent: "ops-e" },
    { policy: Policy.parse({ queue: { maxConcurrent: 3 }, agents: { "ops-e": { maxConcurrent: 1 } } }), assignments: [has(ops, 1)] },
    "It is for ops-e, of which no instance is free: ops-e-1 with octo/tea#1.",
  ],
  [
    "its agent has one that is free, however many of others are",
    { ...turn, agent: "ops-e" },
    { policy: Policy.parse({ queue: { maxConcurrent: 1 }, agents: { "ops-e": {} } }) },
    "An agent is free: it starts within seconds.",
  ],
  ["others of its queue go first", { ...turn, readyAhead: 2 }, {}, "2 issues go before it."],
  ["it is next", { ...turn, readyAhead: 1 }, {}, "An agent is free: it starts within seconds."],
])("a queued issue says when %s", (_, row, change, reason) => {
  expect(queueReason(row, { ...scene, ...change })).toBe(reason);
});
