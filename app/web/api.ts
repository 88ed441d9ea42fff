/** The read API: plain arrays, as programs of the earlier system know them. */
import { Hono } from "hono";
import { z } from "zod";
import type { Recorded } from "../domain/envelope.ts";
import { states } from "../domain/issue.ts";
import { Problem } from "../door/problem.ts";
import type { IssueRow } from "../store/issues.ts";
import type { Store } from "../store/store.ts";
import type { WebBindings, WebContext } from "./auth.ts";

const Page = z.object({
  page: z.coerce.number().int().positive().prefault(1),
  per_page: z.coerce.number().int().min(1).max(500).prefault(100),
});
const IssuesQuery = z.object({ state: z.enum(states, `must be one of ${states.join(", ")}`).optional(), ...Page.shape });
const StreamQuery = z.object({ id: z.string("names the stream: owner/repo#number"), ...Page.shape });

export type ReadStore = Pick<
  Store,
  "allIssues" | "issuesInState" | "queuedIssues" | "readStream" | "assignmentsOf" | "issueByNumber" | "issueByStream" | "repositoryByName"
>;

export const apiRoutes = (store: ReadStore): Hono<WebBindings> =>
  new Hono<WebBindings>()
    .get("/issues", async (context) => {
      const { state, ...page } = query(context, IssuesQuery);
      const [issues, assignments] = await Promise.all([
        state ? store.issuesInState(undefined, [state]) : store.allIssues(),
        store.assignmentsOf(),
      ]);
      const agents = new Map(assignments.map(({ stream, agentId }) => [stream, agentId]));
      return paged(context, issues, page, (issue) => ({ ...issueJson(issue), agentId: agents.get(issue.stream) ?? null }));
    })
    .get("/queue", async (context) => paged(context, await store.queuedIssues(), query(context, Page), issueJson))
    .get("/events/stream", async (context) => {
      const { id, ...page } = query(context, StreamQuery);
      return paged(context, await store.readStream(id), page, eventJson);
    });

function query<S extends z.ZodType>(context: WebContext, schema: S): z.infer<S> {
  const parsed = schema.safeParse(context.req.query());
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Problem(400, `The parameter ${issue?.path.join(".")} ${issue?.message}.`);
}

/** One page as a plain array; where the next one is stands in `Link`. */
function paged<T>(context: WebContext, all: readonly T[], { page, per_page }: z.infer<typeof Page>, show: (one: T) => object): Response {
  const from = (page - 1) * per_page;
  if (from + per_page < all.length) {
    const next = new URL(context.req.url);
    next.searchParams.set("page", String(page + 1));
    context.header("link", `<${next.pathname}${next.search}>; rel="next"`);
  }
  return context.json(all.slice(from, from + per_page).map(show));
}

const issueJson = ({
  stream,
  owner,
  repo,
  number,
  title,
  state,
  priority,
  approvedAt,
  attempts,
  strikes,
  branch,
  prNumber,
  headSha,
  mergeSha,
  usd,
  why,
  updatedAt,
}: IssueRow) => ({
  id: stream,
  repo: `${owner}/${repo}`,
  issueNumber: number,
  title,
  state,
  priority,
  why,
  approvedAt,
  attempts,
  strikes,
  branch,
  prNumber,
  headSha,
  mergeSha,
  usd,
  updatedAt,
});

const eventJson = ({ id, type, data, occurredAt, version, position, actor }: Recorded) => ({
  id,
  type,
  data,
  timestamp: occurredAt,
  version,
  position,
  actor,
});
