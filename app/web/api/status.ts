import { createRoute, z } from "@hono/zod-openapi";
import { states } from "../../domain/state.ts";
import { agentStates, agentsNow } from "../agents.ts";
import { conditionsNow } from "../conditions.ts";
import { type ApiDeps, answers, part } from "./route.ts";
import { Time } from "./shapes.ts";

const Condition = z
  .object({
    name: z.string(),
    since: Time.nullable().describe("Null: since the app was started."),
    detail: z.string(),
    wayOut: z.string(),
    subject: z.string().nullable().describe("The repository or issue it is about; null: the Rig as a whole."),
  })
  .openapi("Condition");

const Status = z
  .object({
    paused: z.boolean().describe("RIG_PAUSED: nothing is dispatched or written."),
    issues: z.record(z.enum(states), z.int()).describe("How many issues are in each state."),
    queueLength: z.int(),
    agents: z.record(z.enum(agentStates), z.int()).describe("How many instances do what."),
    conditions: z.array(Condition).describe("What wants somebody's attention, the oldest first; empty: all is well."),
  })
  .openapi("Status");

const read = createRoute({
  method: "get",
  path: "/status",
  operationId: "status",
  summary: "How the Rig is, in short",
  request: { query: z.strictObject({}) },
  responses: answers(Status, "Counts, and what is wrong."),
});

const counted = <K extends string>(names: readonly K[], count: (name: K) => number): Record<K, number> =>
  Object.fromEntries(names.map((name) => [name, count(name)])) as Record<K, number>;

export const status = ({ store, paused }: ApiDeps) =>
  part().openapi(read, async (context) => {
    const [counts, agents, conditions] = await Promise.all([store.issueCounts(), agentsNow(store), conditionsNow(store, paused)]);
    const issues = counted(states, (name) => counts.find(({ state }) => state === name)?.count ?? 0);
    return context.json(
      {
        paused,
        issues,
        queueLength: issues.queued,
        agents: counted(agentStates, (name) => agents.filter(({ status }) => status === name).length),
        conditions: conditions.map((condition) => ({ ...condition, since: condition.since?.toISOString() ?? null })),
      },
      200,
    );
  });
