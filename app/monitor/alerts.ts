/** What Alertmanager (its webhook's version 4) and Grafana's alerting (the same frame, version 1) send, as signals. */
import { z } from "zod";
import type { Severity } from "../domain/events.ts";
import { fingerprintOf, type NewSignal, type Signal } from "../domain/signal.ts";
import { lastGood } from "../policies.ts";
import type { Repository } from "../store/repositories.ts";
import { type Heard, safeUrl } from "./heard-text.ts";
import { signalOf } from "./look.ts";
import { isWatched } from "./watched.ts";

const MOST_ALERTS = 5_000;

const Labels = z.record(z.string(), z.string("must be text"), "must be an object of texts");
const Alert = z.object({
  status: z.enum(["firing", "resolved"], "must be firing or resolved"),
  labels: Labels,
  annotations: Labels.nullish(),
  startsAt: z.string("must be a time").nullish(),
  endsAt: z.string("must be a time").nullish(),
  generatorURL: z.string("must be text").nullish(),
  dashboardURL: z.string("must be text").nullish(),
  panelURL: z.string("must be text").nullish(),
  fingerprint: z.string("must be text").nullish(),
});
type Alert = z.infer<typeof Alert>;

export const Alerts = z.object(
  {
    version: z.enum(["4", "1"], 'must be "4", as Alertmanager writes it, or "1", as Grafana does'),
    alerts: z.array(Alert, "must be a list").max(MOST_ALERTS, `must be ${MOST_ALERTS} at most: set max_alerts of the webhook`),
  },
  "must be an object",
);

export interface HeardAlerts {
  readonly signals: readonly NewSignal[];
  /** Alerts that are some repository's. */
  readonly accepted: number;
  readonly unmatched: number;
}

/** Each alert as a signal of every repository whose `monitor.alerts.match` it has; that one is over also where its labels or the file changed meanwhile. */
export function hearAlerts(
  { version, alerts }: z.infer<typeof Alerts>,
  repositories: readonly Repository[],
  firing: readonly Signal[],
  heard: Heard,
): HeardAlerts {
  const source = version === "1" ? "grafana" : "alertmanager";
  const known = new Set(firing.map(({ fingerprint }) => fingerprint));
  const withFiring = new Set(firing.filter((signal) => signal.source === source).map(({ repositoryId }) => repositoryId));
  const grounds = repositories.map((repository) => {
    const policy = lastGood(repository);
    return { repository, heard, match: isWatched(repository, policy) ? Object.entries(policy.monitor.alerts.match) : [] };
  });
  const signals: NewSignal[] = [];
  let accepted = 0;
  for (const alert of alerts) {
    const identity = identityOf(alert);
    const own = grounds.filter(({ repository: { id }, match }) => {
      if (match.length > 0 && match.every(([name, value]) => alert.labels[name] === value)) return true;
      return alert.status === "resolved" && withFiring.has(id) && known.has(fingerprintOf(id, source, identity));
    });
    if (own.length === 0) continue;
    accepted += 1;
    const told = toldBy(alert, heard);
    signals.push(...own.map((ground) => signalOf(ground, source, identity, told)));
  }
  return { signals, accepted, unmatched: alerts.length - accepted };
}

const identityOf = ({ fingerprint, labels }: Alert): readonly string[] =>
  fingerprint ? [fingerprint] : ["labels", ...Object.entries(labels).toSorted(byName).flat()];

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : 1);

function toldBy({ status, labels, annotations, ...alert }: Alert, heard: Heard) {
  const firing = status === "firing";
  const name = first(labels, ["alertname"]) ?? "An alert without a name";
  const summary = first(annotations ?? {}, ["summary", "message", "title", "description"]) ?? name;
  const description = first(annotations ?? {}, ["description", "message"]) ?? "";
  const since = timeOf(firing ? alert.startsAt : alert.endsAt);
  const urls = [alert.panelURL, alert.dashboardURL, alert.generatorURL].map((url) => safeUrl(url ?? undefined, heard));
  return {
    ...{ name, summary, firing, severity: severityOf(labels.severity), onlyIfKnown: !firing },
    service: first(labels, ["service", "app", "job"]),
    // Each is cut for itself, so that a long description leaves the labels readable.
    detail: [heard(description === summary ? "" : description, 1_200), heard(labelsIn(labels), 700)].filter(Boolean).join(" · "),
    url: urls.find((url) => url !== undefined),
    ...(since ? { since } : {}),
  };
}

const first = (texts: Readonly<Record<string, string>>, names: readonly string[]): string | undefined =>
  names.map((name) => texts[name]?.trim()).find(Boolean);

const labelsIn = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value.slice(0, 200)}`)
    .join(", ");

/** What an alert calls itself; a word that nobody knows is a warning. */
export function severityOf(label: string | undefined): Severity {
  const word = label?.trim().toLowerCase() ?? "";
  if (["page", "critical", "error"].includes(word)) return "critical";
  return ["info", "none"].includes(word) ? "info" : "warning";
}

/** A time of RFC 3339; Go's zero time is none. */
export function timeOf(text: string | null | undefined): Date | undefined {
  if (!text || !/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) || time.getUTCFullYear() < 2000 ? undefined : time;
}
