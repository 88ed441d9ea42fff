/** Every metric that is read out of the store at a scrape: its meaning, its label, and how many values that may have. */
import type { GaugeName } from "./store/gauges.ts";

export interface Metric {
  readonly help: string;
  /** A label's values are few and known, or the commonest ones and `other`: never an issue, a run, a commit or a person. */
  readonly label?: string;
}

/** As they stand in the database. */
export const storeMetrics: Readonly<Record<GaugeName, Metric>> = {
  rig_queue_issues: { help: "Issues that wait for an agent.", label: "priority" },
  rig_queue_oldest_age_seconds: { help: "Time since the approval of the issue that has waited longest for an agent." },
  rig_issues: { help: "Issues by where they stand.", label: "state" },
  rig_runs_live: { help: "Runs that were asked for and have not ended.", label: "agent" },
  rig_runs_starved: { help: "Runs that no runner takes." },
  rig_run_oldest_heartbeat_age_seconds: { help: "Time since the last sign of life of the run that has been silent longest." },
  rig_gates_waiting: { help: "Human gates that wait for an approval.", label: "gate" },
  rig_gate_oldest_age_seconds: { help: "Time since the gate was triggered that has waited longest." },
  rig_escalations_unacknowledged: { help: "Escalations that nobody has acknowledged." },
  rig_incidents_open: { help: "Incidents whose signal is there.", label: "severity" },
  rig_effects: { help: "Acts on GitHub and Discord that are planned or sent, and those given up that still matter.", label: "state" },
  rig_effect_oldest_age_seconds: { help: "Time since the act was due that has been due longest." },
  rig_deliveries_waiting: { help: "Webhook deliveries that are stored and not handled." },
  rig_delivery_oldest_age_seconds: { help: "Time since the delivery came that has waited longest." },
  rig_deliveries_dead: { help: "Webhook deliveries of the last three days that could not be used." },
  rig_coordination_last_success_timestamp_seconds: { help: "When the five-minute pass last went through everything." },
  rig_workers_live: { help: "Worker pools whose lease holds, over all replicas." },
  rig_repositories: { help: "Repositories the App is installed in." },
  rig_repositories_paused: { help: "Repositories in which nothing starts." },
  rig_config_invalid: { help: "Repositories whose rig.yml is not valid; the last good one is in force there." },
  rig_settings_drifted: { help: "Repositories whose default branch is no longer protected as it was." },
};

/** What is worked out at a scrape. */
export const otherMetrics = {
  rig_up_database: { help: "1 if the database answered this scrape, else 0; without an answer nothing that is read from it is told." },
  rig_budget_spent_ratio: { help: "The most that any repository has spent of its budget, 1 being all of it.", label: "scope" },
  rig_github_calls_total: { help: "Calls to GitHub since the program began.", label: "counted" },
  rig_github_rate_remaining: { help: "Calls that GitHub takes before its hour is over, of the installation that has fewest left." },
  rig_dora_deployments: { help: "Production deployments of the last thirty days.", label: "made_by" },
  rig_dora_lead_time_seconds: { help: "Median lead time of changes deployed in the last thirty days.", label: "made_by" },
  rig_dora_change_fail_ratio: { help: "Failed production deployments of the last thirty days, among all.", label: "made_by" },
  rig_dora_recovery_time_seconds: { help: "Median recovery time of failed deployments of the last thirty days.", label: "made_by" },
  rig_dora_rework_ratio: {
    help: "Deployments of the last thirty days that brought a fix of what had failed, among all.",
    label: "made_by",
  },
} as const satisfies Readonly<Record<string, Metric>>;
