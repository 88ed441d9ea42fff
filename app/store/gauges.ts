/** How much of what there is now, and how old the oldest of it: one statement for the whole scrape. */
import type { Pool } from "pg";
import { STILL_MISSED } from "./conditions.ts";
import { rows } from "./query.ts";

/** `label` is null where the gauge has none; `value` is null where there is nothing to be old. */
export interface GaugeRow {
  readonly name: GaugeName;
  readonly label: string | null;
  readonly value: number | null;
}

/** A statement never waits longer: a scrape that hangs tells less than one that says that the database does not answer. */
const ANSWER_MS = 2_000;

const age = (since: string): string => `extract(epoch from clock_timestamp() - ${since})::float8`;
const ESCALATION = "'ESCALATED', 'ESCALATION_ACKNOWLEDGED', 'ESCALATION_RESOLVED'";
const LIVE = "r.finished_at is null and not r.fenced";
const WAITING_GATE =
  "rig.gates g join rig.issues i using (stream) where g.state = 'waiting' and g.head_sha = i.head_sha and i.state <> 'done'";

/** Name → what selects (label, value). */
const gauges = {
  rig_queue_issues: "select priority, count(*) from rig.issues where state = 'queued' group by 1",
  rig_queue_oldest_age_seconds: `select null, ${age("min(approved_at)")} from rig.issues where state = 'queued'`,
  rig_issues: "select state, count(*) from rig.issues where kind = 'issue' and state <> 'new' group by 1",
  rig_runs_live: `select r.agent, count(*) from rig.runs r where ${LIVE} group by 1`,
  rig_runs_starved: `select null, count(*) from rig.runs r where ${LIVE} and r.starved_at is not null and r.started_at is null`,
  rig_run_oldest_heartbeat_age_seconds: `select null, ${age("min(coalesce(r.last_seen_at, r.started_at))")} from rig.runs r where ${LIVE} and r.started_at is not null`,
  rig_gates_waiting: `select g.gate, count(*) from ${WAITING_GATE} group by 1`,
  rig_gate_oldest_age_seconds: `select null, ${age("min(g.since)")} from ${WAITING_GATE}`,
  rig_escalations_unacknowledged: `select null, count(*) from rig.issues i
    where (i.state = 'failed' or exists (select from rig.gates g where g.stream = i.stream and g.state = 'waiting' and g.head_sha = i.head_sha and i.state <> 'done'))
      and (select e.type from rig.events e where e.stream = i.stream and e.type in (${ESCALATION}) order by e.version desc limit 1) = 'ESCALATED'`,
  rig_incidents_open: `select x.severity, count(*) from rig.incidents n cross join lateral (
      select e.data ->> 'severity' as severity from rig.events e
      where e.stream = 'incident/' || n.fingerprint and e.type in ('INCIDENT_DETECTED', 'INCIDENT_CHANGED') order by e.version desc limit 1
    ) x where n.open group by 1`,
  rig_effects: `select e.state, count(*) from rig.effects e where e.state in ('planned', 'sent') group by 1
    union all select 'dead', count(*) from rig.effects e where ${STILL_MISSED}`,
  rig_effect_oldest_age_seconds: `select null, ${age("min(e.due_at)")} from rig.effects e where e.state in ('planned', 'sent') and e.due_at < clock_timestamp()`,
  rig_deliveries_waiting: "select null, count(*) from rig.deliveries where state = 'stored'",
  rig_delivery_oldest_age_seconds: `select null, ${age("min(received_at)")} from rig.deliveries where state = 'stored'`,
  rig_deliveries_dead:
    "select null, count(*) from rig.deliveries where state = 'dead' and received_at > clock_timestamp() - interval '3 days'",
  rig_coordination_last_success_timestamp_seconds: "select null, extract(epoch from succeeded_at) from rig.coordination",
  rig_workers_live: "select null, count(*) from rig.workers where lease_until > clock_timestamp()",
  rig_repositories: "select null, count(*) from rig.repositories",
  rig_repositories_paused: "select null, count(*) from rig.repositories where paused_because is not null",
  rig_config_invalid: "select null, count(*) from rig.repositories where jsonb_typeof(policy_errors) = 'array'",
  rig_settings_drifted: "select null, count(*) from rig.repositories where drift is not null",
} as const;
export type GaugeName = keyof typeof gauges;

const STATEMENT = Object.entries(gauges)
  .map(([name, sql]) => `select '${name}' as name, x.label, x.value::float8 as value from (${sql}) x (label, value)`)
  .join("\nunion all\n");

export const gaugesOf = (pool: Pool) => ({
  gauges: (): Promise<GaugeRow[]> => rows<GaugeRow>(pool, { text: STATEMENT, query_timeout: ANSWER_MS }),
});
