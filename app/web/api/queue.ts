import { createRoute, z } from "@hono/zod-openapi";
import { Priority } from "../../domain/events/words.ts";
import { IssueNumber, RepositoryId } from "../../domain/ids.ts";
import { turns } from "../turns.ts";
import { after, cursorOf, keyOf, limit, paged } from "./page.ts";
import { type ApiDeps, pageOf, part } from "./route.ts";
import { Issue } from "./shapes.ts";
import { issueShape } from "./show.ts";

const Queued = Issue.extend({
  position: z.int().describe("Its place in its repository's queue; 1 is next."),
  ageMinutes: z.int().describe("Whole minutes since it was approved."),
  ready: z.boolean().describe("No other issue has to be done first."),
  waitingOn: z.array(z.string()).describe("Open issues that have to be done first."),
  reason: z.string().describe("Why it has not begun."),
}).openapi("QueuedIssue");

const Key = z.object({
  priority: Priority,
  setAside: z.boolean(),
  approvedAt: z.coerce.date(),
  number: IssueNumber,
  repositoryId: RepositoryId,
});

const list = createRoute({
  method: "get",
  path: "/queue",
  operationId: "listQueue",
  summary: "What waits for an agent, the most urgent first",
  request: { query: z.strictObject({ limit, after }) },
  responses: pageOf(Queued, "A page of the queue."),
});

const none: ReadonlyMap<string, string> = new Map();

export const queue = (deps: ApiDeps) =>
  part().openapi(list, async (context) => {
    const query = context.req.valid("query");
    const found = await deps.store.queuePage(keyOf(query.after, Key), query.limit + 1);
    const page = paged(context, found, query.limit, ({ priority, setAside, approvedAt, number, repositoryId }) =>
      cursorOf({ priority, setAside, approvedAt, number, repositoryId }),
    );
    const turnOf = await turns(deps, page);
    return context.json(
      page.map((row) => {
        const { position, ready, waitingOn } = row;
        return { ...issueShape(row, none), position, ready, waitingOn: [...waitingOn], ...turnOf(row) };
      }),
      200,
    );
  });
