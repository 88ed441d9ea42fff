import type { Repository } from "../state/repository.ts";
import type { Job, Run } from "../state/run.ts";
import type { World } from "../world.ts";

export interface Found {
  readonly repository: Repository;
  readonly run: Run;
}

export function findRun(world: World, runId: number): Found {
  for (const repository of world.repositories.values()) {
    const run = repository.runs.get(runId);
    if (run) return { repository, run };
  }
  throw new Error(`This GitHub has no workflow run ${runId}.`);
}

export function findJob(world: World, jobId: number): Found & { readonly job: Job } {
  for (const repository of world.repositories.values()) {
    for (const run of repository.runs.values()) {
      const job = run.jobs.find(({ id }) => id === jobId);
      if (job) return { repository, run, job };
    }
  }
  throw new Error(`This GitHub has no job ${jobId}.`);
}
