/** Incidents as the measures see them: whom they blame, and which issues were filed for them. */
import type { Arrival, Failure } from "./deployments.ts";
import type { Told } from "./told.ts";

/** The deployment that brought an incident's first suspect failed when the incident was detected, until it was resolved. */
export function incidentFailures(
  streams: ReadonlyMap<string, readonly Told[]>,
  arrivals: readonly Arrival[],
): ReadonlyMap<Arrival, readonly Failure[]> {
  const found = new Map<Arrival, Failure[]>();
  for (const events of streams.values()) {
    for (const [nth, event] of events.entries()) {
      if (event.type !== "INCIDENT_DETECTED") continue;
      const suspect = event.data.suspects[0]?.sha;
      const blamed = arrivals
        .filter(({ sha, at }) => sha === suspect && at <= event.at)
        .toSorted((a, b) => b.at.getTime() - a.at.getTime())[0];
      if (!blamed) continue;
      const end = events.slice(nth + 1).find(({ type }) => type === "INCIDENT_RESOLVED");
      found.set(blamed, [...(found.get(blamed) ?? []), { by: blamed.by, at: event.at, ...(end ? { recovered: end.at } : {}) }]);
    }
  }
  return found;
}

/** Whether the stream is of an issue that was filed for an incident. */
export function rework(told: readonly Told[]): (stream: string) => boolean {
  const filed = new Set(told.flatMap((event) => (event.type === "INCIDENT_FILED" ? (streamAt(event.data.url) ?? []) : [])));
  return (stream) => filed.has(stream);
}

/** `https://github.com/owner/repo/issues/12` → `owner/repo#12`. */
function streamAt(url: string): string | undefined {
  const [, owner, repo, number] = /\/([^/]+)\/([^/]+)\/issues\/(\d+)$/.exec(url) ?? [];
  return number === undefined ? undefined : `${owner}/${repo}#${number}`;
}
