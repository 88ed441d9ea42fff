/** A small stage for incidents: a signal, what was said and done so far, and the time. */

import { decideIncident, type IncidentPlace } from "../../app/decide-incident.ts";
import type { EffectOutcome } from "../../app/domain/commands.ts";
import { conductor, type Recorded, type Said } from "../../app/domain/envelope.ts";
import { incidentStream, RepositoryId } from "../../app/domain/ids.ts";
import { incidentMarker, incidentOf } from "../../app/domain/incident.ts";
import { defaultPolicy, Policy } from "../../app/domain/policy.ts";
import type { Signal } from "../../app/domain/signal.ts";
import type { IncidentScene } from "../../app/rules/incident/rule.ts";

export const fingerprint = "0123456789abcdef";
export const stream = incidentStream(fingerprint);
export const start = new Date("2026-11-22T09:00:00Z");
export const at = (minutes: number) => new Date(start.getTime() + minutes * 60_000);

export const signal = (more: Partial<Signal> = {}): Signal => ({
  ...{ fingerprint, repositoryId: RepositoryId.parse(4242), source: "probe", name: "front page", service: "shop" },
  ...{ severity: "critical", firing: true, since: start, changes: [start] },
  ...{ summary: "The front page answers 500.", detail: "GET / answers 500, not 200." },
  ...more,
});

/** The signal has been gone since that minute. */
export const gone = (minute: number, changes: readonly Date[] = [start, at(minute)]): Signal =>
  signal({ firing: false, since: at(minute), changes });

export const policy = (monitor: object = {}): Policy => Policy.parse({ monitor });

/** What was said so far, each at its own minute. */
export type History = readonly (readonly [minute: number, event: Said])[];

export const detected = (more: object = {}): Said =>
  ({
    type: "INCIDENT_DETECTED",
    data: {
      ...{ fingerprint, repositoryId: 4242, severity: "critical", service: "shop", signal: "front page", source: "probe" },
      ...{ summary: "The front page answers 500.", startedAt: start.toISOString(), suspects: [], nth: 1, ...more },
    },
  }) as unknown as Said;
export const filed = (issueNumber = 7): Said =>
  ({
    type: "INCIDENT_FILED",
    data: { fingerprint, issueNumber, url: `https://github.example/acme/shop/issues/${issueNumber}`, bodyHash: "h" },
  }) as Said;
export const flapping: Said = { type: "INCIDENT_FLAPPING", data: { fingerprint, changes: 6 } };
export const resolved: Said = { type: "INCIDENT_RESOLVED", data: { fingerprint, durationMinutes: 10 } };

/** The command that opened the issue of the nth time, and how it ended. */
export const filing = (state: EffectOutcome["state"], nth = 1, more: Partial<EffectOutcome> = {}): EffectOutcome => ({
  ...{ key: `filing-${nth}`, kind: "FILE_ISSUE", state, data: { marker: incidentMarker({ fingerprint, nth }) } },
  response: state === "confirmed" ? { number: 7, url: "https://github.example/acme/shop/issues/7", bodyHash: "h" } : null,
  ...more,
});

interface Given extends Partial<Omit<IncidentScene, "incident" | "policy">> {
  readonly history?: History;
  readonly policy?: Policy;
  readonly said?: readonly Said[];
  readonly place?: Partial<IncidentPlace>;
}

/** What one look comes to. */
export function decided({ history = [], policy: in_ = defaultPolicy, said = [], place, ...scene }: Given) {
  const recorded = history.map(
    ([minute, event], index) => ({ ...event, stream, version: index + 1, occurredAt: at(minute), actor: conductor }) as unknown as Recorded,
  );
  const incident = incidentOf(recorded);
  return decideIncident(
    { ...(incident ? { incident } : {}), suspects: [], issueOpen: false, effects: [], policy: in_.monitor, now: at(5), ...scene },
    {
      ...{
        fingerprint,
        version: history.length,
        repository: "acme/shop",
        policy: in_,
        mayAct: true,
        crowded: false,
        cto: ["maria"],
        mentions: ["180000000000000001"],
      },
      ...place,
    },
    said,
  );
}

export const types = ({ events }: { readonly events: readonly Said[] }) => events.map(({ type }) => type);
/** What a look sets in motion besides the card. */
export const acts = ({ commands }: ReturnType<typeof decided>) => commands.filter(({ kind }) => kind !== "SHOW");
export const kinds = (decision: ReturnType<typeof decided>) => acts(decision).map(({ kind }) => kind);
