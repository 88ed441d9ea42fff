import { showJob, showRun, showWorkflow } from "../shapes/run.ts";
import type { Author } from "../state/people.ts";
import type { Repository } from "../state/repository.ts";
import type { Job, Run } from "../state/run.ts";
import { announce } from "../webhooks/announce.ts";
import type { World } from "../world.ts";

/** The runner's calls do not wait: what is told of them is drawn from a copy and sent in their order. */
function inOrder(world: World, repository: Repository, work: () => Promise<void>): void {
  repository.telling = repository.telling.then(work).catch((error: unknown) => {
    world.violations.push({ side: "webhook", operation: "actions", path: "", errors: [String(error)], content: undefined });
  });
  world.deliveries.during(repository.telling);
}

export function tellRun(world: World, repository: Repository, now: Run, action: "requested" | "in_progress" | "completed"): void {
  const run = { ...now };
  // Not as an act of the job: a run that ends may start other workflows.
  const by: Author = { user: run.actor };
  inOrder(world, repository, async () => {
    const payload = { workflow_run: await showRun(world, repository, run), workflow: showWorkflow(world, repository, run.path, run.name) };
    announce(world, repository, { event: "workflow_run", action, by, payload });
  });
}

export function tellJob(world: World, repository: Repository, run: Run, now: Job, action: "queued" | "in_progress" | "completed"): void {
  const job = showJob(world, repository, run, now);
  inOrder(world, repository, async () => {
    announce(world, repository, {
      event: "workflow_job",
      action,
      by: { user: run.actor },
      payload: { workflow_job: job },
      startsNothing: true,
    });
  });
}
