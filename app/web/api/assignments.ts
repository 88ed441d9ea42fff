import { createRoute, z } from "@hono/zod-openapi";
import { type ApiDeps, answers, part } from "./route.ts";
import { Ref, RepoName } from "./shapes.ts";

const Assignment = z
  .object({
    id: Ref,
    repo: RepoName,
    issueNumber: z.int(),
    title: z.string(),
    runId: z.uuid(),
    branch: z.string().nullable(),
    attempt: z.int(),
  })
  .openapi("Assignment");

const next = createRoute({
  method: "get",
  path: "/assignments/next",
  operationId: "nextAssignment",
  summary: "What an agent instance has and has not started; asking assigns nothing",
  request: {
    query: z.strictObject({ agentId: z.string("must name an agent instance, such as dev-e-1").describe("Such as `dev-e-1`.") }),
  },
  responses: { ...answers(Assignment, "The issue it has."), 204: { description: "There is no work for it." } },
});

export const assignments = ({ store }: ApiDeps) =>
  part().openapi(next, async (context) => {
    const found = await store.nextAssignment(context.req.valid("query").agentId);
    if (!found) return context.body(null, 204);
    const { stream, owner, repo, number, title, runId, branch, attempt } = found;
    return context.json({ id: stream, repo: `${owner}/${repo}`, issueNumber: number, title, runId, branch, attempt }, 200);
  });
