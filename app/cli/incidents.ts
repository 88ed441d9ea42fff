import { z } from "zod";
import { readApi } from "./api.ts";
import { moment, table } from "./text.ts";
import type { Verb } from "./verb.ts";

const Incident = z.looseObject({
  repo: z.string().nullable(),
  open: z.boolean(),
  flapping: z.boolean(),
  severity: z.string(),
  service: z.string(),
  signal: z.string(),
  startedAt: z.string(),
  durationMinutes: z.number().nullable(),
  issueNumber: z.number().nullable(),
});
type Incident = z.infer<typeof Incident>;

const stands = ({ open, flapping, durationMinutes }: Incident): string =>
  open ? (flapping ? "flaps" : "open") : `over, after ${Math.round((durationMinutes ?? 0) * 10) / 10} min`;

const row = (incident: Incident) => {
  const { repo, severity, service, signal, startedAt, issueNumber } = incident;
  return [moment(startedAt), severity, stands(incident), service, signal, issueNumber === null ? (repo ?? "") : `${repo}#${issueNumber}`];
};

/** A finding is that something goes wrong now. */
export const incidents: Verb = {
  name: "incidents",
  says: "What went wrong in production, and what goes wrong now; exit 1 where something does.",
  words: [],
  options: [
    ["--repo <owner/name>", "only of this repository"],
    ["--open", "only those that are not over"],
  ],
  needs: "app",
  run: async ({ config, options, say }) => {
    const { repo, open } = options;
    const asked = { ...(typeof repo === "string" ? { repo } : {}), ...(open ? { open: "true" } : {}) };
    const query = Object.keys(asked).length > 0 ? `?${new URLSearchParams(asked)}` : "";
    const found = await readApi(config, `/incidents${query}`, z.array(Incident));
    const head = ["Since (UTC)", "Severity", "State", "Service", "Signal", "Issue"];
    say({ json: found, lines: found.length > 0 ? table(head, found.map(row)) : ["Nothing is known to have gone wrong."] });
    return found.some((incident) => incident.open);
  },
};
