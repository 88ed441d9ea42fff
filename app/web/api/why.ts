import { createRoute, z } from "@hono/zod-openapi";
import { issueNamed } from "../find.ts";
import { type ApiDeps, answersFor, Place, PositiveInPath, part } from "./route.ts";
import { Ref, State, Time } from "./shapes.ts";

/** So many of the last events tell how it came to this. */
const LATEST = 20;

const Why = z
  .object({
    id: Ref,
    state: State,
    why: z.string(),
    events: z
      .array(z.object({ version: z.int(), type: z.string(), timestamp: Time, by: z.string() }))
      .describe("The last ones, oldest first."),
  })
  .openapi("Why");

const one = createRoute({
  method: "get",
  path: "/why/{owner}/{repo}/{n}",
  operationId: "why",
  summary: "Why nothing happens on an issue now, and what would move it",
  request: { params: Place.extend({ n: PositiveInPath }) },
  responses: answersFor(Why, "The sentence, and how it came to this."),
});

export const why = ({ store }: ApiDeps) =>
  part().openapi(one, async (context) => {
    const { owner, repo, n } = context.req.valid("param");
    const issue = await issueNamed(store, owner, repo, n);
    const events = (await store.readStream(issue.stream)).slice(-LATEST);
    return context.json(
      {
        id: issue.stream,
        state: issue.state,
        why: issue.why,
        events: events.map(({ version, type, occurredAt, actor }) => ({
          version,
          type,
          timestamp: occurredAt.toISOString(),
          by: actor.login,
        })),
      },
      200,
    );
  });
