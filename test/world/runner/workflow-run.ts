import type { Conclusion, NewRun, RepositoryEvent, WorkflowRun } from "../actions.ts";
import { readConcurrency } from "./concurrency.ts";
import { text } from "./expressions.ts";
import { githubContext } from "./github-context.ts";
import { conclusionOf, runJobs } from "./jobs.ts";
import { field, headSha } from "./payloads.ts";
import type { Plan } from "./plan.ts";
import type { Cause, Run, Running, Services } from "./run.ts";
import { showNeverBegun } from "./shown-jobs.ts";
import { resolve } from "./template.ts";
import { enterGroups } from "./turns.ts";

/** A workflow about to run. */
export interface Start {
  readonly repositoryId: number;
  readonly cause: Cause;
  readonly plan: Plan;
  readonly inputs: Run["inputs"];
}

/** Tells GitHub of a new run. */
export function newRun({ store }: Services, { repositoryId, cause, plan, inputs }: Start): Run {
  const repository = store.repository(repositoryId);
  const untrusted = fromFork(cause);
  const name = plan.workflow.name ?? plan.path;
  const runName = plan.workflow.runName;
  const contexts = {
    github: { ...cause, event: cause.payload, event_name: cause.name, workflow: name },
    inputs,
    vars: store.variables(repositoryId),
  };
  const displayTitle = text(resolve(runName, { contexts })) || titleOf(cause) || name;
  return {
    record: store.createRun({ ...describe(repositoryId, cause, repository.defaultBranch), name, path: plan.path, displayTitle }),
    repository,
    cause,
    plan,
    inputs,
    secrets: untrusted ? {} : store.secrets(repositoryId),
    untrusted,
    cancelled: new AbortController(),
    dead: new AbortController(),
    frozen: new AbortController(),
    jobs: [],
    waits: 0,
    started: false,
  };
}

/** A file that is no workflow: a run that failed before it began. */
export function refuseRun({ store }: Services, event: RepositoryEvent, path: string): WorkflowRun {
  const { defaultBranch } = store.repository(event.repositoryId);
  const record = store.createRun({
    ...describe(event.repositoryId, event, defaultBranch),
    name: path,
    path,
    displayTitle: titleOf(event) || path,
  });
  store.updateRun(record.id, { status: "completed", conclusion: "failure" });
  return record;
}

/** Takes a run from its concurrency group to its conclusion. */
export async function performRun(services: Services, run: Run): Promise<void> {
  const { store } = services;
  const { plan, inputs, secrets } = run;
  const cancelled = run.cancelled.signal;
  let leave: (() => void) | undefined;
  let conclusion: Conclusion = "failure";
  try {
    const contexts = { github: githubContext(services, run), inputs, vars: store.variables(run.repository.id) };
    leave = await enterGroups(services, run, [readConcurrency(plan.workflow.concurrency, { contexts })], run.cancelled);
    const jobWorkflowRef = `${plan.source.repository}/${plan.path}@${run.cause.ref}`;
    const running: Running = { run, plan, inputs, secrets, prefix: "", jobWorkflowRef, cancelled };
    if (!cancelled.aborted && !run.dead.signal.aborted) {
      const ends = await runJobs(services, running);
      conclusion = conclusionOf([...ends.values()]);
    } else if (!run.dead.signal.aborted) {
      conclusion = "cancelled";
      showNeverBegun(services, running, { contexts });
    }
    if (cancelled.aborted) conclusion = "cancelled";
  } catch (error) {
    run.problem = error instanceof Error ? error.message : String(error);
  } finally {
    if (!run.dead.signal.aborted) {
      run.conclusion = conclusion;
      store.updateRun(run.record.id, { status: "completed", conclusion });
    }
    leave?.();
  }
}

/** Somebody cancels a run whose machine died: GitHub closes it without hearing from the machine. */
export function endLost({ store }: Services, run: Run): void {
  if (run.conclusion) return;
  run.conclusion = "cancelled";
  for (const { id, stage } of run.jobs) if (stage !== "done") store.updateJob(id, { status: "completed", conclusion: "cancelled" });
  store.updateRun(run.record.id, { status: "completed", conclusion: "cancelled" });
}

function describe(
  repositoryId: number,
  cause: Cause,
  defaultBranch: string,
): Pick<NewRun, "repositoryId" | "event" | "headBranch" | "headSha" | "actor"> {
  const headBranch =
    field(cause.payload, "pull_request", "head", "ref") ||
    (cause.ref.startsWith("refs/") ? cause.ref.replace(/^refs\/(heads|tags)\//, "") : defaultBranch);
  return { repositoryId, event: cause.name, headBranch, headSha: headSha(cause), actor: cause.actor };
}

function titleOf({ payload }: Cause): string {
  const subject = field(payload, "pull_request", "title") || field(payload, "issue", "title") || field(payload, "head_commit", "message");
  return subject.split("\n")[0] ?? "";
}

function fromFork({ name, payload }: Cause): boolean {
  if (name !== "pull_request") return false;
  return field(payload, "pull_request", "head", "repo", "id") !== field(payload, "pull_request", "base", "repo", "id");
}
