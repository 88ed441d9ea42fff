/** The API: plain arrays, as programs of the earlier system know them, and its description made from the routes themselves. */
import { HTTPException } from "hono/http-exception";
import { Problem } from "../../door/problem.ts";
import { signedIn } from "../auth.ts";
import { agents } from "./agents.ts";
import { assignments } from "./assignments.ts";
import { backtest } from "./backtest.ts";
import { cost } from "./cost.ts";
import { dora } from "./dora.ts";
import { events } from "./events.ts";
import { gates } from "./gates.ts";
import { incidents } from "./incidents.ts";
import { issues } from "./issues.ts";
import { lessons } from "./lessons.ts";
import { proposals } from "./proposals.ts";
import { queue } from "./queue.ts";
import { type ApiDeps, part } from "./route.ts";
import { runs } from "./runs.ts";
import { speaking } from "./speak.ts";
import { status } from "./status.ts";
import { transcript } from "./transcript.ts";
import { why } from "./why.ts";

const parts = [
  issues,
  queue,
  agents,
  status,
  events,
  speaking,
  assignments,
  runs,
  transcript,
  gates,
  backtest,
  why,
  incidents,
  lessons,
  proposals,
  cost,
  dora,
];

/** Every route under `/api`, and the document that describes them. */
export function createApi(deps: ApiDeps) {
  const api = part();
  api.use(signedIn(deps.tokens));
  api.onError((error) => {
    if (!(error instanceof HTTPException)) throw error;
    if (error.status === 415) throw new Problem(415, "Send the body as application/json.");
    throw new Problem(error.status, "The body is not JSON: send an object as GET /api/openapi.json describes it.");
  });
  for (const one of parts) api.route("/", one(deps));
  api.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    description: "A token of RIG_API_TOKENS.",
  });
  api.get("/openapi.json", (context) => context.json(describe(api)));
  return { routes: api, document: () => describe(api) };
}

function describe(api: ReturnType<typeof part>) {
  // The generator names webhooks also where there are none.
  const { webhooks: _, ...document } = api.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Engineering Rig",
      version: "1",
      description:
        "What the Rig knows and does. Lists are plain arrays; the next page stands in `Link`. Every refusal is RFC 9457 problem+json, and its detail says what to do. On the machine the app runs on, reading needs no bearer.",
    },
    servers: [{ url: "/api" }],
    security: [{ bearer: [] }],
  });
  return document;
}
