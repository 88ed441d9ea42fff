/** The dashboard, which shows and changes nothing, and the API. */
import { readFile } from "node:fs/promises";
import { Hono } from "hono";
import { windowOf } from "../measures/window.ts";
import type { Store } from "../store/store.ts";
import { createApi } from "./api/api.ts";
import type { ApiDeps, ApiStore } from "./api/route.ts";
import { signedIn, type WebBindings } from "./auth.ts";
import { conditionsNow } from "./conditions.ts";
import { issueNamed } from "./find.ts";
import { issuesPage } from "./issues-page.ts";
import { CONTENT_SECURITY_POLICY } from "./layout.ts";
import { loginRoutes } from "./login.ts";
import { doraOf, effortOf } from "./measured.ts";
import { measuresPage } from "./measures-page.ts";
import { liveStream } from "./stream.ts";
import { timelinePage } from "./timeline-page.ts";
import { turns } from "./turns.ts";

export interface WebDeps extends ApiDeps {
  readonly store: ApiStore & Pick<Store, "listen">;
  /** Where links to issues and pull requests lead. */
  readonly githubUrl: string;
}

const assets = { "style.css": "text/css; charset=utf-8", "live.js": "text/javascript; charset=utf-8" } as const;

/** Further back nobody looks for a place in the queue. */
const MOST_QUEUED = 1000;

/** `routes` go to the door's `more`; `close` ends the open streams, so that the door need not wait for them. */
export function createWeb(deps: WebDeps): {
  readonly routes: Hono<WebBindings>;
  readonly close: () => Promise<void>;
} {
  const { store, tokens, githubUrl, paused, now } = deps;
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
  for (const path of ["/", "/issues/*", "/measures", "/api/stream"]) routes.get(path, guarded);
  routes.get("/", async (context) => {
    const [issues, assignments, queued, conditions] = await Promise.all([
      store.allIssues(),
      store.assignmentsOf(),
      store.queuePage(undefined, MOST_QUEUED),
      conditionsNow(store, paused),
    ]);
    const turnOf = await turns(deps, queued);
    const places = new Map(queued.map((row) => [row.stream, { position: row.position, ...turnOf(row) }]));
    return context.html(issuesPage({ issues, assignments, places, conditions, state: context.req.query("state"), githubUrl }));
  });
  routes.get("/issues/:owner/:repo/:number{[0-9]+}", async (context) => {
    const { owner, repo, number } = context.req.param();
    const issue = await issueNamed(store, owner, repo, Number(number));
    return context.html(timelinePage({ issue, events: await store.readStream(issue.stream), githubUrl }));
  });
  routes.get("/measures", async (context) => {
    const at = now();
    const window = windowOf(undefined, undefined, at);
    const { from, to } = window;
    const costs = await store.costs(from, to);
    const [dora, effort] = await Promise.all([doraOf(store, window), effortOf(store, { from, to, now: at }, costs)]);
    return context.html(measuresPage({ window, dora, effort }));
  });
  routes.route("/api", createApi(deps).routes);
  routes.route("/api", live.routes);
  return { routes, close: live.close };
}
