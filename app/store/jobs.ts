import type { Pool } from "pg";
import { rows } from "./query.ts";
import { jsonText } from "./text.ts";

export interface JobRequest {
  readonly task: string;
  readonly payload: object;
  /** A job that still waits under this key is replaced; one that runs already is followed by this one. */
  readonly key?: string | undefined;
  readonly runAt?: Date | undefined;
  /** Milliseconds from now, by the database's clock. */
  readonly delayMs?: number | undefined;
  /** The job that waits under the key keeps its time: a burst becomes one job, and a steady stream puts nothing off. */
  readonly keepRunAt?: boolean | undefined;
  /** Lower goes first; 0 unless told. */
  readonly priority?: number | undefined;
  readonly maxAttempts?: number | undefined;
}

/** Jobs as `rig.add_jobs` reads them. */
export const jobRows = (jobs: readonly JobRequest[] = []) =>
  jobs.map(({ task, payload, key, runAt, delayMs, keepRunAt, priority, maxAttempts }) => ({
    task,
    payload,
    key,
    run_at: runAt,
    delay_ms: delayMs,
    keep_run_at: keepRunAt,
    priority,
    max_attempts: maxAttempts,
  }));

export const jobsOf = (pool: Pool) => ({
  async addJobs(jobs: readonly JobRequest[]): Promise<void> {
    if (jobs.length > 0) await rows(pool, "select rig.add_jobs($1)", [jsonText(jobRows(jobs))]);
  },
});
