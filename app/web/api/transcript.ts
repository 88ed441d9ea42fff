import { createRoute, z } from "@hono/zod-openapi";
import { Problem } from "../../door/problem.ts";
import { afterNumber, limit, paged } from "./page.ts";
import { type ApiDeps, pageOf, part, problem } from "./route.ts";

const Note = z
  .looseObject({
    nth: z.int().describe("From 1, without a gap."),
    at: z.string().optional(),
    type: z.string().describe("What it is about: `system`, `user`, `assistant`, `tool`, `blocked`, `tests`, `end` and others."),
  })
  .openapi("TranscriptNote");

const one = createRoute({
  method: "get",
  path: "/runs/{id}/transcript",
  operationId: "readTranscript",
  summary: "What was said and done in a run, oldest first",
  request: {
    params: z.object({ id: z.uuid("must be a run's id, a UUID") }),
    query: z.strictObject({ limit, after: afterNumber("The number of the note after which to go on.") }),
  },
  responses: {
    ...pageOf(Note, "A page of its notes, without secrets; empty where it has said nothing yet, or more than ninety days ago."),
    404: problem("There is no such run; the detail says why."),
  } as const,
});

export const transcript = ({ store }: ApiDeps) =>
  part().openapi(one, async (context) => {
    const { id } = context.req.valid("param");
    const { after, limit: most } = context.req.valid("query");
    if (!(await store.run(id))) throw new Problem(404, `There is no run ${id}: GET /api/events/stream names the runs of an issue.`);
    const found = await store.transcript(id, after, most + 1);
    const page = paged(context, found, most, ({ nth }) => String(nth + 1));
    return context.json(
      page.map(({ nth, note }) => Note.parse({ ...JSON.parse(note), nth: nth + 1 })),
      200,
    );
  });
