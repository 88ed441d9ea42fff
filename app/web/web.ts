/** The dashboard and the read API. It shows, and changes nothing: what people decide, they decide on GitHub. */
import { readFile } from "node:fs/promises";
import { Hono } from "hono";
import type { ApiToken } from "../config.ts";
import { issueStream } from "../domain/ids.ts";
import { Problem } from "../door/problem.ts";
import type { Store } from "../store/store.ts";
import { apiRoutes, type ReadStore } from "./api.ts";
import { signedIn, type WebBindings } from "./auth.ts";
import { issuesPage } from "./issues-page.ts";
import { CONTENT_SECURITY_POLICY } from "./layout.ts";
import { loginRoutes } from "./login.ts";
import { liveStream } from "./stream.ts";
import { timelinePage } from "./timeline-page.ts";

export interface WebDeps {
  readonly store: ReadStore & Pick<Store, "listen">;
  readonly tokens: readonly ApiToken[];
  /** Where links to issues and pull requests lead. */
  readonly githubUrl: string;
}

const assets = { "style.css": "text/css; charset=utf-8", "live.js": "text/javascript; charset=utf-8" } as const;

/** `routes` go to the door's `more`; `close` ends the open streams, so that the door need not wait for them. */
export function createWeb({ store, tokens, githubUrl }: WebDeps): {
  readonly routes: Hono<WebBindings>;
  readonly close: () => Promise<void>;
} {
  const live = liveStream(store);
  const routes = new Hono<WebBindings>();
  routes.use(async (context, next) => {
    await next();
    context.header("content-security-policy", CONTENT_SECURITY_POLICY);
    context.header("x-content-type-options", "nosniff");
    context.header("referrer-policy", "no-referrer");
    context.header("cache-control", "no-store");
  });
  for (const [name, type] of Object.entries(assets)) {
    routes.get(`/assets/${name}`, async (context) =>
      context.body(await readFile(new URL(name, import.meta.url)), 200, { "content-type": type }),
    );
  }
  routes.route("/", loginRoutes(tokens));

  const guarded = signedIn(tokens);
  for (const path of ["/", "/issues/*", "/api/issues", "/api/queue", "/api/events/stream", "/api/stream"]) routes.get(path, guarded);
  routes.get("/", async (context) => {
    const [issues, assignments] = await Promise.all([store.allIssues(), store.assignmentsOf()]);
    return context.html(issuesPage({ issues, assignments, state: context.req.query("state"), githubUrl }));
  });
  routes.get("/issues/:owner/:repo/:number{[0-9]+}", async (context) => {
    const { owner, repo, number } = context.req.param();
    const repository = await store.repositoryByName(owner, repo);
    const issue = repository
      ? await store.issueByNumber(repository.id, Number(number))
      : await store.issueByStream(issueStream(owner, repo, Number(number)));
    if (!issue) throw new Problem(404, `The Rig knows no issue ${owner}/${repo}#${number}.`);
    return context.html(timelinePage({ issue, events: await store.readStream(issue.stream), githubUrl }));
  });
  routes.route("/api", apiRoutes(store));
  routes.route("/api", live.routes);
  return { routes, close: live.close };
}
