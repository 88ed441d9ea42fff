import { createRoute, z } from "@hono/zod-openapi";
import { Outcome, RunKind } from "../../domain/events/words.ts";
import { Problem } from "../../door/problem.ts";
import { type ApiDeps, answersFor, part } from "./route.ts";
import { Ref, Time, Tokens } from "./shapes.ts";
import { timeOf } from "./show.ts";

const Run = z
  .object({
    id: z.uuid(),
    issue: Ref,
    agent: z.string(),
    agentId: z.string(),
    kind: RunKind,
    attempt: z.int(),
    baseSha: z.string(),
    requestedAt: Time,
    starvedAt: Time.nullable().describe("Since when it is known that no runner takes it."),
    startedAt: Time.nullable(),
    lastSeenAt: Time.nullable(),
    finishedAt: Time.nullable(),
    outcome: Outcome.nullable(),
    fenced: z.boolean().describe("Something newer took its place; its late words change nothing."),
    workflowRunUrl: z.string().nullable(),
    tokens: Tokens,
    usd: z.number().describe("As the model gateway counted it."),
  })
  .openapi("Run");

const one = createRoute({
  method: "get",
  path: "/runs/{id}",
  operationId: "getRun",
  summary: "One run of an agent",
  request: { params: z.object({ id: z.uuid("must be a run's id, a UUID") }) },
  responses: answersFor(Run, "The run."),
});

export const runs = ({ store }: ApiDeps) =>
  part().openapi(one, async (context) => {
    const { id } = context.req.valid("param");
    const run = await store.run(id);
    if (!run) throw new Problem(404, `There is no run ${id}: GET /api/events/stream names the runs of an issue.`);
    const { stream, agent, agentId, kind, attempt, baseSha, outcome, fenced, workflowRunUrl, tokens, usd } = run;
    return context.json(
      {
        ...{ id, issue: stream, agent, agentId, kind, attempt, baseSha },
        requestedAt: run.requestedAt.toISOString(),
        starvedAt: timeOf(run.starvedAt),
        startedAt: timeOf(run.startedAt),
        lastSeenAt: timeOf(run.lastSeenAt),
        finishedAt: timeOf(run.finishedAt),
        ...{ outcome, fenced, workflowRunUrl, tokens, usd },
      },
      200,
    );
  });
