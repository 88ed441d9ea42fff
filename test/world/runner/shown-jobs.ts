import { type Scope, text } from "./expressions.ts";
import { jobLog } from "./job-log.ts";
import type { Running, Services, ShownJob } from "./run.ts";
import { listOf, resolve } from "./template.ts";
import { whyCancelled } from "./turns.ts";
import type { Job } from "./workflow.ts";

/** Tells GitHub of a job: a queued one, or one that is over before it began. */
export function show(
  services: Services,
  { run, prefix, cancelled }: Running,
  name: string,
  labels: readonly string[],
  end?: "skipped" | "cancelled" | "failure",
): ShownJob {
  const id = services.store.createJob(run.record.id, { name: `${prefix}${name}`, labels });
  const shown: ShownJob = {
    id,
    name: `${prefix}${name}`,
    labels,
    log: jobLog(),
    cancelled: new AbortController(),
    steps: [],
    stage: end ? "done" : "queued",
  };
  if (end) {
    const why = end === "cancelled" ? whyCancelled(cancelled) : {};
    services.store.updateJob(id, { status: "completed", conclusion: end, steps: [], ...why });
  }
  run.jobs.push(shown);
  services.changed();
  return shown;
}

/** A run that was cancelled before its turn came: each of its jobs is shown, and none began. */
export function showNeverBegun(services: Services, running: Running, scope: Scope): void {
  for (const { id, name } of running.plan.workflow.jobs)
    show(services, running, name === undefined ? id : text(resolve(name, scope)), [], "cancelled");
}

/** What `runs-on:` asks for. */
export function labelsOf(job: Job, scope: Scope): readonly string[] {
  return listOf(job.runsOn).flatMap((item) => labelsIn(resolve(item, scope)));
}

function labelsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(text);
  if (typeof value === "object" && value !== null && "labels" in value) return labelsIn(value.labels);
  return [text(value)];
}
