import { createRoute, z } from "@hono/zod-openapi";
import { afterNumber, limit, paged } from "./page.ts";
import { type ApiDeps, pageOf, part } from "./route.ts";
import { Event, Ref } from "./shapes.ts";
import { eventShape } from "./show.ts";

const stream = createRoute({
  method: "get",
  path: "/events/stream",
  operationId: "readStream",
  summary: "What happened to one issue or repository, oldest first",
  request: {
    query: z.strictObject({
      id: z.string("must name the stream: owner/repo#number, or repo/owner/name").describe("`owner/repo#number` or `repo/owner/name`."),
      limit,
      after: afterNumber("The version after which to go on."),
    }),
  },
  responses: pageOf(Event, "A page of its events; empty where nothing was ever recorded under that name."),
});

const all = createRoute({
  method: "get",
  path: "/events",
  operationId: "listEvents",
  summary: "What happened anywhere, in the order in which it was recorded",
  request: { query: z.strictObject({ limit, after: afterNumber("The position after which to go on.") }) },
  responses: pageOf(
    Event.extend({ streamId: Ref }).openapi("StreamEvent"),
    "A page of events. The last one's position is where to go on later.",
  ),
});

export const events = ({ store }: ApiDeps) =>
  part()
    .openapi(stream, async (context) => {
      const query = context.req.valid("query");
      const found = await store.readStream(query.id, query.after);
      return context.json(paged(context, found, query.limit, ({ version }) => String(version)).map(eventShape), 200);
    })
    .openapi(all, async (context) => {
      const query = context.req.valid("query");
      const found = await store.readAll(query.after, query.limit + 1);
      const page = paged(context, found, query.limit, ({ position }) => String(position));
      return context.json(
        page.map((event) => ({ streamId: event.stream, ...eventShape(event) })),
        200,
      );
    });
