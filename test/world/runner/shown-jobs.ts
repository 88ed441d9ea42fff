import { type Scope, text } from "./expressions.ts";
import { jobLog } from "./job-log.ts";
import type { Running, Services, ShownJob } from "./run.ts";
import { listOf, resolve } from "./template.ts";
import type { Job } from "./workflow.ts";

/** Tells GitHub of a job: a queued one, or one that is over before it began. */
export function show(
  services: Services,
  { run, prefix }: Running,
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
  if (end) services.store.updateJob(id, { status: "completed", conclusion: end, steps: [] });
  run.jobs.push(shown);
  services.changed();
  return shown;
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
