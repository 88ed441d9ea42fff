import { expect, test } from "@jest/globals";
import { attemptOf, freeAgents, idleAgents, pairs } from "../app/assign.ts";
import { AgentId } from "../app/domain/ids.ts";
import { newIssue } from "../app/domain/issue.ts";
import { Policy } from "../app/domain/policy.ts";
import { requireLease, within } from "../app/lease.ts";
import type { IssueRow } from "../app/store/issues.ts";

const policy = (maxConcurrent: number, instances: number) =>
  Policy.parse({ queue: { maxConcurrent }, agents: { "dev-e": { maxConcurrent: instances } } });
const row = (number: number, avoids: string | null = null) => ({ number, avoids }) as IssueRow;
const given = (...args: Parameters<typeof pairs>) => pairs(...args).map(({ issue, agentId }) => [issue.number, agentId]);

test.each([
  [3, 2, [], ["dev-e-1", "dev-e-2"]],
  [3, 2, ["dev-e-1"], ["dev-e-2"]],
  [1, 2, ["dev-e-2"], []],
  [2, 5, ["dev-e-1"], ["dev-e-2"]],
  [2, 5, ["dev-e-1", "dev-e-2"], []],
])("with room for %i and %i instances, of which %j are taken, %j are free", (most, instances, taken, free) => {
  expect(freeAgents(policy(most, instances), taken)).toEqual(free);
});

test("the first of the queue goes first, and each instance has one issue", () => {
  const two = policy(2, 2);
  expect(given([row(7), row(3), row(9)], idleAgents(two, []), two)).toEqual([
    [7, "dev-e-1"],
    [3, "dev-e-2"],
  ]);
});

test("an issue does not get the instance that failed at it, and keeps nobody else waiting", () => {
  const two = policy(2, 2);
  expect(given([row(7, "dev-e-1"), row(3)], idleAgents(two, ["dev-e-2"]), two)).toEqual([[3, "dev-e-1"]]);
  expect(given([row(7, "dev-e-1"), row(3)], idleAgents(two, []), two)).toEqual([
    [7, "dev-e-2"],
    [3, "dev-e-1"],
  ]);
});

test("an idle instance beyond the first ones is found, within the capacity", () => {
  const three = policy(2, 3);
  expect(given([row(7, "dev-e-1")], idleAgents(three, ["dev-e-2"]), three, 1)).toEqual([[7, "dev-e-3"]]);
  expect(given([row(7), row(8)], idleAgents(three, ["dev-e-2"]), three, 1)).toEqual([[7, "dev-e-1"]]);
});

test("where there is only one instance, it tries again", () => {
  const one = policy(1, 1);
  expect(given([row(7, "dev-e-1")], idleAgents(one, []), one)).toEqual([[7, "dev-e-1"]]);
});

test("an issue gets an instance of the agent that it is for, and of no other", () => {
  const both = Policy.parse({ queue: { maxConcurrent: 3 }, agents: { "dev-e": { maxConcurrent: 1 }, "ops-e": { maxConcurrent: 2 } } });
  const forOps = { ...row(8), agent: "ops-e" };
  expect(idleAgents(both, [])).toEqual(["dev-e-1", "ops-e-1", "ops-e-2"]);
  expect(given([row(7), row(9), forOps], idleAgents(both, []), both)).toEqual([
    [7, "dev-e-1"],
    [8, "ops-e-1"],
  ]);
  expect(given([{ ...forOps, avoids: "ops-e-1" } as IssueRow], idleAgents(both, ["ops-e-2"]), both)).toEqual([]);
  expect(given([{ ...row(9), agent: "nobody-e" }], idleAgents(both, []), both)).toEqual([]);
  expect(freeAgents(both, ["dev-e-1", "ops-e-1", "ops-e-2"])).toEqual([]);
});

test("what was set aside goes on where it was; a new attempt has a branch of its own", () => {
  const place = { number: 12, title: "Round prices" };
  const setAside = { branch: "rig/12-round-prices-1", attempt: 1, agentId: AgentId.parse("dev-e-1") };
  expect(attemptOf({ ...newIssue, attempts: 1, setAside }, place, policy(1, 1))).toEqual(setAside);
  expect(attemptOf({ ...newIssue, attempts: 1 }, place, policy(1, 1))).toEqual({ attempt: 2, branch: "rig/12-round-prices-2" });
});

test("who stood still until the lease was over does not reach out any more", async () => {
  await within(1_000, async () => {
    expect(() => requireLease(999)).not.toThrow();
    expect(() => requireLease(1_000)).toThrow("The lease ran out");
  });
  expect(() => requireLease(5_000)).not.toThrow();
});
