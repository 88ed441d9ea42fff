/** One thing that goes wrong in production: each time it does, what was made of it, and its issue. */
import type { EffectOutcome } from "./commands.ts";
import type { Recorded } from "./envelope.ts";
import type { Diagnosis, EventData, RigEvent } from "./events.ts";
import type { IssueNumber, RepositoryId } from "./ids.ts";

/** Who hands an incident's issue over where the repository says `monitor.autoReady`. No login has a colon. */
export const AUTO_READY = "rig:monitor.autoReady";

/** Who is asked about an issue: whoever handed it over, and where no person did, the CTO. */
export const askedAbout = ({ approvedBy }: { readonly approvedBy: string }, cto: readonly string[]): readonly string[] =>
  approvedBy === AUTO_READY ? cto : [approvedBy];

type Detected = EventData<"INCIDENT_DETECTED">;

export interface Filing {
  readonly number: IssueNumber;
  readonly url: string;
  /** Of the text that the Rig wrote (R3). */
  readonly bodyHash: string;
}

/** What the history of an incident adds up to; everything but its issue is of the last time that it came. */
export interface Incident extends Pick<Detected, "fingerprint" | "severity" | "service" | "signal" | "source" | "summary" | "suspects"> {
  readonly repositoryId?: RepositoryId;
  /** The how-manieth time. */
  readonly nth: number;
  readonly url?: string;
  readonly open: boolean;
  readonly startedAt: Date;
  /** When its severity or its words were last written down. */
  readonly toldAt: Date;
  readonly flapping: boolean;
  /** It is, or was, critical: people were called. */
  readonly called: boolean;
  readonly issue?: Filing;
  readonly diagnosis?: Diagnosis;
  /** How long the signal was there; once it is over. */
  readonly durationMinutes?: number;
}

/** The first line of the issue of the nth time. */
export const incidentMarker = ({ fingerprint, nth }: Pick<Incident, "fingerprint" | "nth">): string =>
  `<!-- rig:incident ${fingerprint} ${nth} -->`;

/** The commands that open the issue of this time, oldest first. */
export const filesOf = (incident: Pick<Incident, "fingerprint" | "nth">, effects: readonly EffectOutcome[]): readonly EffectOutcome[] =>
  effects.filter(({ kind, data }) => kind === "FILE_ISSUE" && (data as { readonly marker?: string }).marker === incidentMarker(incident));

/** When the signal of an incident that is over was there for the last time. */
export const goneSince = ({ startedAt, durationMinutes = 0 }: Incident): Date => new Date(startedAt.getTime() + durationMinutes * 60_000);

/** Folds an incident's stream; undefined before it was ever detected. */
export const incidentOf = (history: readonly Recorded[]): Incident | undefined =>
  history.reduce<Incident | undefined>((incident, event) => evolveIncident(incident, event, event.occurredAt), undefined);

export function evolveIncident(before: Incident | undefined, event: RigEvent, at: Date): Incident | undefined {
  if (event.type === "INCIDENT_DETECTED") return detected(before, event.data, at);
  if (!before) return undefined;
  switch (event.type) {
    case "INCIDENT_CHANGED": {
      const { severity, summary } = event.data;
      return { ...before, severity, summary, toldAt: at, called: before.called || severity === "critical" };
    }
    case "INCIDENT_FLAPPING":
      return { ...before, flapping: true };
    case "INCIDENT_FILED": {
      const { issueNumber: number, url, bodyHash } = event.data;
      return { ...before, issue: { number, url, bodyHash } };
    }
    case "INCIDENT_DIAGNOSED":
      return { ...before, diagnosis: event.data.diagnosis };
    case "INCIDENT_RESOLVED":
      return { ...before, open: false, flapping: false, durationMinutes: event.data.durationMinutes };
    default:
      return before;
  }
}

function detected(before: Incident | undefined, data: Detected, at: Date): Incident {
  const { fingerprint, severity, service, signal, source, summary, suspects, nth, url, repositoryId, issueNumber } = data;
  const known = before?.issue?.number === issueNumber ? before?.issue : undefined;
  return {
    ...{ fingerprint, severity, service, signal, source, summary, suspects, nth },
    ...(repositoryId === undefined ? {} : { repositoryId }),
    ...(url === undefined ? {} : { url }),
    ...{ open: true, startedAt: new Date(data.startedAt), toldAt: at, flapping: false, called: severity === "critical" },
    ...(known ? { issue: known } : {}),
  };
}
