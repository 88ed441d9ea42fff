import { type IncidentRule, nothing } from "./rule.ts";

/** A signal that comes and goes so often says nothing by coming and going: the incident stays open, and silent. */
export const flapping: IncidentRule = ({ incident, signal, policy, now }) => {
  if (!incident?.open || incident.flapping || !signal) return nothing;
  const from = now.getTime() - policy.flapping.within;
  const changes = signal.changes.filter((at) => at.getTime() > from).length;
  if (changes < policy.flapping.changes) return nothing;
  return { events: [{ type: "INCIDENT_FLAPPING", data: { fingerprint: incident.fingerprint, changes } }] };
};

/** The incident is over when the signal has been gone for long enough; what flaps has to be quiet for as long as it is judged by. */
export const resolution: IncidentRule = ({ incident, signal, policy, now }) => {
  if (!incident?.open || !signal || signal.firing) return nothing;
  const over = new Date(signal.since.getTime() + (incident.flapping ? policy.flapping.within : policy.quietFor));
  if (now < over) return { events: [], wakeAt: over };
  const lastedMs = Math.max(0, signal.since.getTime() - incident.startedAt.getTime());
  const durationMinutes = Math.round(lastedMs / 600) / 100;
  return { events: [{ type: "INCIDENT_RESOLVED", data: { fingerprint: incident.fingerprint, durationMinutes } }] };
};
