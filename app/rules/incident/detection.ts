import { cut } from "../../domain/escape.ts";
import type { Severity } from "../../domain/events.ts";
import { type IncidentRule, nothing } from "./rule.ts";

const MOST_SUMMARY = 2_000;
const MOST_NAME = 200;
const WORDS_EVERY_MS = 600_000;
/** From mild to grave. */
const severities: readonly Severity[] = ["info", "warning", "critical"];

/** A signal that fires is an incident, once however often it is heard; after it was over it is the next one of the same stream. */
export const detection: IncidentRule = ({ incident, signal, suspects, issueOpen }) => {
  if (!signal?.firing || incident?.open) return nothing;
  const { fingerprint, repositoryId, severity, service, name, source, summary, url, since } = signal;
  const data = {
    ...{ fingerprint, repositoryId, severity, source },
    ...{ service: cut(service, MOST_NAME), signal: cut(name, MOST_NAME), summary: cut(summary, MOST_SUMMARY) },
    ...(url && /^https?:\/\//i.test(url) ? { url: cut(url, MOST_SUMMARY) } : {}),
    startedAt: since.toISOString(),
    suspects: [...suspects],
    nth: (incident?.nth ?? 0) + 1,
    ...(incident?.issue && issueOpen ? { issueNumber: incident.issue.number } : {}),
  };
  return { events: [{ type: "INCIDENT_DETECTED", data }] };
};

/** It became worse, which is said at once; or milder, or its words changed: every ten minutes at most, for a stranger chooses them. */
export const change: IncidentRule = ({ incident, signal, now }) => {
  if (!incident?.open || incident.flapping || !signal?.firing) return nothing;
  const { fingerprint, severity } = signal;
  const summary = cut(signal.summary, MOST_SUMMARY);
  if (severity === incident.severity && summary === incident.summary) return nothing;
  const worse = severities.indexOf(severity) > severities.indexOf(incident.severity);
  const soonest = new Date(incident.toldAt.getTime() + WORDS_EVERY_MS);
  if (!worse && now < soonest) return { events: [], wakeAt: soonest };
  return { events: [{ type: "INCIDENT_CHANGED", data: { fingerprint, severity, summary } }] };
};
