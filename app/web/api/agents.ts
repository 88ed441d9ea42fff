import { createRoute, z } from "@hono/zod-openapi";
import { eventData } from "../../domain/events.ts";
import { agentStates, agentsNow } from "../agents.ts";
import { type ApiDeps, answers, part } from "./route.ts";
import { Ref, RepoName, Time } from "./shapes.ts";
import { timeOf } from "./show.ts";

const Agent = z
  .object({
    agentId: z.string(),
    repo: RepoName,
    agent: z.string(),
    status: z
      .enum(agentStates)
      .describe(
        "`working`: it has an issue, also while that waits for checks or people; `starved`: its run waits for a runner that does not come.",
      ),
    issue: Ref.nullable(),
    runId: z.uuid().nullable().describe("The run under way; null while none is."),
    since: Time.nullable().describe("Since when it has the issue."),
    seenAt: Time.nullable().describe("Its last sign of life."),
    progress: eventData.HEARTBEAT.shape.progress.nullable(),
  })
  .openapi("Agent");

const list = createRoute({
  method: "get",
  path: "/agents",
  operationId: "listAgents",
  summary: "Every agent instance of every repository's policy, on one page",
  request: { query: z.strictObject({}) },
  responses: answers(z.array(Agent), "Every instance, by repository."),
});

export const agents = ({ store }: ApiDeps) =>
  part().openapi(list, async (context) =>
    context.json(
      (await agentsNow(store)).map((agent) => ({ ...agent, since: timeOf(agent.since), seenAt: timeOf(agent.seenAt) })),
      200,
    ),
  );
