import { expect, test } from "@jest/globals";
import { freeAgents } from "../app/assign.ts";
import { Policy } from "../app/domain/policy.ts";

const policy = (queue: number, agents: number) =>
  Policy.parse({ queue: { maxConcurrent: queue }, agents: { "dev-e": { maxConcurrent: agents } } });

test.each([
  ["every instance, when nobody works", 2, 2, [], ["dev-e-1", "dev-e-2"]],
  ["those that have no issue", 3, 3, ["dev-e-2"], ["dev-e-1", "dev-e-3"]],
  ["no more than the queue allows", 1, 3, [], ["dev-e-1"]],
  ["nobody, when the queue is full", 1, 3, ["dev-e-3"], []],
  ["nobody, when the queue shrank under the work", 1, 3, ["dev-e-1", "dev-e-2"], []],
])("free are %s", (_, queue, agents, taken, free) => {
  expect(freeAgents(policy(queue, agents), taken)).toEqual(free);
});
