import { createRoute, z } from "@hono/zod-openapi";
import { Diagnosis, Severity, Suspect } from "../../domain/events/words.ts";
import { goneSince } from "../../domain/incident.ts";
import { Problem } from "../../door/problem.ts";
import { OfRepository } from "./of-repository.ts";
import { type ApiDeps, answersFor, part } from "./route.ts";
import { RepoName, Time } from "./shapes.ts";

const Incident = z
  .object({
    fingerprint: z
      .string()
      .describe("The same thing that goes wrong again is the same incident. Its history is the stream `incident/<fingerprint>`."),
    repo: RepoName.nullable(),
    open: z.boolean(),
    flapping: z.boolean(),
    severity: Severity,
    service: z.string(),
    signal: z.string(),
    source: z.string(),
    summary: z.string().describe("The source's own words."),
    nth: z.int().describe("How often it has come so far."),
    startedAt: Time.describe("The last time that it came."),
    goneAt: Time.nullable(),
    durationMinutes: z.number().nullable(),
    issueNumber: z.int().nullable(),
    url: z.string().nullable().describe("Of its issue."),
    suspects: z.array(Suspect).describe("Deployments that may have brought it, the likeliest first."),
    diagnosis: Diagnosis.nullable().describe("Monitor-E's words."),
  })
  .openapi("Incident");

const list = createRoute({
  method: "get",
  path: "/incidents",
  operationId: "listIncidents",
  summary: "What went wrong in production, and what goes wrong now",
  request: {
    query: z.strictObject({
      repo: OfRepository,
      open: z
        .enum(["true", "false"], "must be true or false")
        .optional()
        .describe("Only those that are open, or only those that are over."),
    }),
  },
  responses: answersFor(z.array(Incident), "The one that came last first; each thing that goes wrong once."),
});

export const incidents = ({ store }: ApiDeps) =>
  part().openapi(list, async (context) => {
    const { repo, open } = context.req.valid("query");
    const [owner = "", name = ""] = repo?.split("/") ?? [];
    const one = repo === undefined ? undefined : await store.repositoryByName(owner, name);
    if (repo !== undefined && !one)
      throw new Problem(404, `The App is not installed in ${repo}: install it there, or correct the parameter repo.`);
    const [found, repositories] = await Promise.all([store.incidents(one?.id), store.repositories()]);
    const names = new Map(repositories.map((known) => [known.id, `${known.owner}/${known.name}`]));
    const wanted = open === undefined ? found : found.filter((incident) => String(incident.open) === open);
    return context.json(
      wanted.map((incident) => {
        const { fingerprint, flapping, severity, service, signal, source, summary, nth, startedAt, suspects } = incident;
        return {
          ...{ fingerprint, repo: (incident.repositoryId && names.get(incident.repositoryId)) ?? null, open: incident.open, flapping },
          ...{ severity, service, signal, source, summary, nth, startedAt: startedAt.toISOString() },
          goneAt: incident.open ? null : goneSince(incident).toISOString(),
          durationMinutes: incident.durationMinutes ?? null,
          issueNumber: incident.issue?.number ?? null,
          url: incident.issue?.url ?? null,
          suspects: [...suspects],
          diagnosis: incident.diagnosis ?? null,
        };
      }),
      200,
    );
  });
