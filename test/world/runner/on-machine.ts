import type { Scope } from "./expressions.ts";
import { githubContext } from "./github-context.ts";
import { environmentOf, type JobEnd, runJob } from "./job.ts";
import { readOnly } from "./permissions.ts";
import type { Running, Services, ShownJob } from "./run.ts";
import { whyCancelled } from "./turns.ts";
import type { Job } from "./workflow.ts";

const REFUSED = "The deployment was rejected or didn't satisfy other protection rules.";

/** Waits for the reviewers of the environment, on no machine. */
async function reviewed({ changed }: Services, shown: ShownJob, approved: Promise<boolean>): Promise<boolean> {
  shown.stage = "waiting";
  changed();
  const answer = await approved;
  shown.stage = "queued";
  changed();
  return answer;
}

/** Waits for a machine, runs the job on it and tells GitHub how it ended. */
export async function runOnMachine(services: Services, running: Running, job: Job, shown: ShownJob, scope: Scope): Promise<JobEnd> {
  const { run, plan } = running;
  const { store } = services;
  const over = AbortSignal.any([shown.cancelled.signal, run.dead.signal]);
  const environment = environmentOf({ job, contexts: scope.contexts, github: githubContext(services, run) });
  const held = environment && store.holdDeployment(run.record.id, environment.name, shown.id, over);
  const refused = held ? !(await reviewed(services, shown, held.approved)) : false;
  const giveBack = refused ? undefined : await services.machines.acquire(shown.labels, over);
  let end: JobEnd = { conclusion: refused && !over.aborted ? "failure" : "cancelled", outputs: {} };
  try {
    if (giveBack && !run.dead.signal.aborted) {
      shown.stage = "running";
      services.changed();
      if (!run.started) store.updateRun(run.record.id, { status: "in_progress" });
      run.started = true;
      store.updateJob(shown.id, { status: "in_progress" });
      const permissions = plan.permissions.get(job.id) ?? {};
      end = await runJob(services, {
        run,
        shown,
        job,
        workflowEnv: plan.workflow.env,
        github: githubContext(services, run),
        contexts: scope.contexts,
        inputs: running.inputs,
        permissions: run.untrusted ? readOnly(permissions) : permissions,
        jobWorkflowRef: running.jobWorkflowRef,
        ...(environment
          ? { environment, deployment: held?.deployment ?? store.createDeployment(run.record.id, environment.name, shown.id) }
          : {}),
      });
    } else if (held && !run.dead.signal.aborted) store.createDeploymentStatus(held.deployment, "failure");
  } catch (error) {
    shown.log.note(`##[error]${error instanceof Error ? error.message : String(error)}`);
    end = { conclusion: "failure", outputs: {} };
  } finally {
    shown.stage = run.dead.signal.aborted ? "lost" : "done";
    giveBack?.();
    services.changed();
  }
  const { conclusion } = end;
  if (!run.dead.signal.aborted) {
    const why = conclusion === "cancelled" ? whyCancelled(shown.cancelled.signal) : refused ? { annotation: REFUSED } : {};
    store.updateJob(shown.id, { status: "completed", conclusion, steps: shown.steps, log: shown.log.text(), ...why });
  }
  return end;
}
