import { createRoute, z } from "@hono/zod-openapi";
import { states } from "../../domain/state.ts";
import { after, cursorOf, keyOf, limit, paged } from "./page.ts";
import { type ApiDeps, pageOf, part } from "./route.ts";
import { Issue, State } from "./shapes.ts";
import { agentsByIssue, issueShape } from "./show.ts";

const Key = z.object({ repositoryId: z.int(), number: z.int() });

const list = createRoute({
  method: "get",
  path: "/issues",
  operationId: "listIssues",
  summary: "Every issue the Rig knows, by repository and number",
  request: {
    query: z.strictObject({ state: z.enum(State.options, `must be one of ${states.join(", ")}`).optional(), limit, after }),
  },
  responses: pageOf(Issue, "A page of issues."),
});

export const issues = ({ store }: ApiDeps) =>
  part().openapi(list, async (context) => {
    const query = context.req.valid("query");
    const [found, assignments] = await Promise.all([
      store.issuesPage(query.state, keyOf(query.after, Key), query.limit + 1),
      store.assignmentsOf(),
    ]);
    const agents = agentsByIssue(assignments);
    const page = paged(context, found, query.limit, ({ repositoryId, number }) => cursorOf({ repositoryId, number }));
    return context.json(
      page.map((issue) => issueShape(issue, agents)),
      200,
    );
  });
