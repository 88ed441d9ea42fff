import { readConcurrency } from "./concurrency.ts";
import { holds, type Scope, type StatusSoFar, text } from "./expressions.ts";
import { githubContext } from "./github-context.ts";
import { declaredInputs, typedInputs } from "./inputs.ts";
import type { JobEnd } from "./job.ts";
import { whenCancelled } from "./machine.ts";
import { type Leg, legsOf } from "./matrix.ts";
import { runOnMachine } from "./on-machine.ts";
import type { Plan } from "./plan.ts";
import type { Running, Services } from "./run.ts";
import { labelsOf, show } from "./shown-jobs.ts";
import { textsOf } from "./step.ts";
import { mapOf, resolve } from "./template.ts";
import { enterGroups } from "./turns.ts";
import type { Job } from "./workflow.ts";

type Ends = ReadonlyMap<string, JobEnd>;

/** Runs all jobs of a workflow in the order their `needs:` ask for. */
export async function runJobs(services: Services, running: Running): Promise<Ends> {
  const { jobs } = running.plan.workflow;
  const ends = new Map<string, Promise<JobEnd>>();
  const settled = new Map<string, JobEnd>();
  const endOf = (id: string): Promise<JobEnd> => {
    const known = ends.get(id);
    if (known) return known;
    const job = jobs.find((candidate) => candidate.id === id);
    if (!job) throw new Error(`There is no job ${id}.`);
    const end = settle(job);
    ends.set(id, end);
    return end;
  };
  const settle = async (job: Job): Promise<JobEnd> => {
    await Promise.all(job.needs.map(endOf));
    const end = await settleJob(services, running, job, settled);
    settled.set(job.id, end);
    return end;
  };
  await Promise.all(jobs.map(({ id }) => endOf(id)));
  return settled;
}

/** Every job that has to end before this one. */
function ancestors(job: Job, jobs: readonly Job[]): readonly string[] {
  return [
    ...new Set(job.needs.flatMap((id) => [id, ...jobs.filter((other) => other.id === id).flatMap((other) => ancestors(other, jobs))])),
  ];
}

async function settleJob(services: Services, running: Running, job: Job, ends: Ends): Promise<JobEnd> {
  const { run, plan } = running;
  if (run.dead.signal.aborted) return { conclusion: "cancelled", outputs: {} };
  const before = ancestors(job, plan.workflow.jobs).map((id) => ends.get(id)?.conclusion);
  const cancelled = running.cancelled.aborted;
  const status: StatusSoFar = {
    success: !cancelled && before.every((end) => end === "success"),
    failure: !cancelled && before.includes("failure"),
    cancelled,
  };
  const scope = scopeFor(services, running, job, ends);
  try {
    if (!holds(job.condition, { ...scope, status })) {
      const conclusion = cancelled ? "cancelled" : "skipped";
      show(services, running, nameOf(job, scope, ""), [], conclusion);
      return { conclusion, outputs: {} };
    }
    const legs = legsOf(resolve(job.strategy, scope));
    return merge(await Promise.all(legs.map((leg) => runLeg(services, running, job, leg, scope))), job, scope);
  } catch (error) {
    show(services, running, job.id, [], "failure").log.note(`##[error]${error instanceof Error ? error.message : String(error)}`);
    return { conclusion: "failure", outputs: {} };
  }
}

function scopeFor(services: Services, { run, inputs, secrets }: Running, job: Job, ends: Ends): Scope {
  const needs = Object.fromEntries(job.needs.map((id) => [id, { result: ends.get(id)?.conclusion, outputs: ends.get(id)?.outputs ?? {} }]));
  const vars = services.store.variables(run.repository.id);
  return { contexts: { github: githubContext(services, run), needs, vars, inputs, secrets, matrix: {}, strategy: {} } };
}

function nameOf(job: Job, scope: Scope, suffix: string): string {
  return job.name === undefined ? `${job.id}${suffix}` : text(resolve(job.name, scope));
}

async function runLeg(services: Services, running: Running, job: Job, leg: Leg, outer: Scope): Promise<JobEnd> {
  const scope: Scope = { contexts: { ...outer.contexts, matrix: leg.values } };
  const called = running.plan.calls.get(job.id);
  const name = nameOf(job, scope, leg.suffix);
  if (called) return runCalled(services, running, job, called, name, scope);
  const shown = show(services, running, name, labelsOf(job, scope));
  const survives = job.condition !== "" && holds(job.condition, { ...scope, status: whenCancelled });
  const cancel = () => shown.cancelled.abort(running.cancelled.reason);
  if (!survives) running.cancelled.addEventListener("abort", cancel);
  if (!survives && running.cancelled.aborted) cancel();
  const leave = await enterGroups(services, running.run, [readConcurrency(job.concurrency, scope)], shown.cancelled, shown);
  try {
    return await runOnMachine(services, running, job, shown, scope);
  } finally {
    leave();
  }
}

async function runCalled(services: Services, running: Running, job: Job, plan: Plan, name: string, scope: Scope): Promise<JobEnd> {
  const { run, secrets } = running;
  const given = Object.fromEntries(Object.entries(job.with).map(([key, value]) => [key, resolve(value, scope)]));
  const inputs = typedInputs(declaredInputs(plan.workflow, "workflow_call") ?? {}, given, scope);
  const passed = job.secrets === "inherit" ? secrets : textsOf(job.secrets, scope);
  const { repository, ref } = plan.source;
  const own = new AbortController();
  const cancelled = AbortSignal.any([running.cancelled, own.signal]);
  const settings = [
    readConcurrency(job.concurrency, scope),
    readConcurrency(plan.workflow.concurrency, { contexts: { ...scope.contexts, inputs } }),
  ];
  const leave = await enterGroups(services, run, settings, own);
  const called: Running = {
    run,
    plan,
    inputs,
    secrets: passed,
    prefix: `${running.prefix}${name} / `,
    jobWorkflowRef: `${repository}/${plan.path}@${ref}`,
    cancelled,
  };
  const ends = await runJobs(services, called).finally(leave);
  const jobs = Object.fromEntries([...ends].map(([id, { conclusion, outputs }]) => [id, { result: conclusion, outputs }]));
  const declared = Object.entries(mapOf(mapOf(mapOf(plan.workflow.on).workflow_call).outputs));
  const outer: Scope = { contexts: { ...scope.contexts, inputs, jobs } };
  const outputs = Object.fromEntries(declared.map(([output, definition]) => [output, text(resolve(mapOf(definition).value, outer))]));
  return { conclusion: conclusionOf([...ends.values()]), outputs };
}

function merge(legs: readonly JobEnd[], job: Job, scope: Scope): JobEnd {
  const conclusion = conclusionOf(legs);
  const tolerated = conclusion === "failure" && job.continueOnError !== undefined && text(resolve(job.continueOnError, scope)) === "true";
  return { conclusion: tolerated ? "success" : conclusion, outputs: Object.assign({}, ...legs.map(({ outputs }) => outputs)) };
}

/** What several jobs add up to. */
export function conclusionOf(ends: readonly JobEnd[]): JobEnd["conclusion"] {
  const all = ends.map(({ conclusion }) => conclusion);
  if (all.includes("failure")) return "failure";
  if (all.includes("cancelled")) return "cancelled";
  return all.every((conclusion) => conclusion === "skipped") ? "skipped" : "success";
}
