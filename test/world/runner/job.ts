import { rm } from "node:fs/promises";
import type { Conclusion } from "../actions.ts";
import { holds, text } from "./expressions.ts";
import { type Machine, setUpMachine, statusOf } from "./machine.ts";
import { asOfApp, type Permissions } from "./permissions.ts";
import { endOrphans } from "./processes.ts";
import type { Run, Services, ShownJob } from "./run.ts";
import { perform, unavailable } from "./run-action.ts";
import { type Frame, runSteps, scopeOf, textsOf } from "./step.ts";
import { resolve, type Template, type TemplateMap } from "./template.ts";
import type { Job } from "./workflow.ts";

/** Everything a job needs before it can run on a machine. */
export interface Assignment {
  readonly run: Run;
  readonly shown: ShownJob;
  readonly job: Job;
  /** The workflow's `env:`. */
  readonly workflowEnv: TemplateMap;
  readonly github: Readonly<Record<string, unknown>>;
  /** `needs`, `inputs`, `matrix`, `secrets` …. */
  readonly contexts: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly permissions: Permissions;
  readonly jobWorkflowRef: string;
  /** What it deploys to, and the deployment that it is at GitHub. */
  readonly environment?: JobEnvironment;
  readonly deployment?: number;
}

/** `environment:` of a job. */
export interface JobEnvironment {
  readonly name: string;
  readonly url: Template | undefined;
}

export interface JobEnd {
  readonly conclusion: Exclude<Conclusion, "timed_out">;
  readonly outputs: Readonly<Record<string, string>>;
}

const LONGEST_MINUTES = 360;

/** Runs a job on a fresh machine, from set-up to its last post step. */
export async function runJob(services: Services, assignment: Assignment): Promise<JobEnd> {
  const { run, shown, job } = assignment;
  const { store } = services;
  const { environment, deployment } = assignment;
  const idToken = assignment.permissions["id-token"] === "write" ? admit(services, assignment, environment?.name) : undefined;
  const { "id-token": _, ...permissions } = assignment.permissions;
  const token = store.mintJobToken(run.record.id, asOfApp(permissions));
  for (const secret of [token, idToken?.token ?? "", ...Object.values(run.secrets)]) shown.log.mask(secret);
  const secrets = { ...(assignment.contexts.secrets as object), GITHUB_TOKEN: token };
  const contexts = { ...assignment.contexts, secrets };
  const machine = await setUpMachine({ services, run, job: shown, token, contexts, idToken }, { ...assignment.github, job: job.id });
  if (deployment !== undefined) store.createDeploymentStatus(deployment, "in_progress");
  try {
    const outputs = await work(machine, assignment);
    if (deployment !== undefined) {
      const url = text(resolve(environment?.url, scopeOf(outputs.frame, {})));
      const state = machine.status === "success" ? "success" : "failure";
      if (!run.dead.signal.aborted) store.createDeploymentStatus(deployment, state, ...(url === "" ? [] : [url]));
    }
    return { conclusion: machine.status, outputs: outputs.values };
  } finally {
    shown.steps.push(...machine.steps);
    idToken?.forget();
    await endOrphans(machine.trackingId);
    await rm(machine.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function work(machine: Machine, { job, workflowEnv, inputs }: Assignment) {
  const { job: shown } = machine;
  const show = (name: string, conclusion: Conclusion) => {
    machine.steps.push({ name, number: machine.steps.length + 1, status: "completed", conclusion });
  };
  const empty: Frame = { machine, inputs, env: {}, runDefaults: job.runDefaults, github: {}, results: {} };
  const minutes = Number(text(resolve(job.timeoutMinutes, scopeOf(empty, {}))) || LONGEST_MINUTES);
  const timer = setTimeout(() => {
    shown.log.note(`##[error]The job has exceeded the maximum execution time of ${minutes}m`);
    shown.cancelled.abort();
  }, minutes * 60_000);
  const cancel = () => {
    machine.status = "cancelled";
  };
  shown.cancelled.signal.addEventListener("abort", cancel);
  if (shown.cancelled.signal.aborted) cancel();
  let frame = empty;
  try {
    setUp(machine, job, show);
    const outer = textsOf(workflowEnv, scopeOf(empty, {}));
    frame = { ...empty, env: { ...outer, ...textsOf(job.env, scopeOf(empty, outer)) } };
    await runSteps(frame, job.steps, perform, show);
    await runPosts(machine, frame, show);
    return { frame, values: outputsOf(frame, job) };
  } catch (error) {
    shown.log.note(`##[error]${error instanceof Error ? error.message : String(error)}`);
    if (machine.status === "success") machine.status = "failure";
    return { frame, values: {} };
  } finally {
    clearTimeout(timer);
    shown.cancelled.signal.removeEventListener("abort", cancel);
  }
}

function setUp(machine: Machine, job: Job, show: (name: string, conclusion: Conclusion) => void): void {
  const missing = job.steps.flatMap(({ uses }) => (uses === undefined ? [] : (unavailable(uses, machine.services) ?? [])));
  show("Set up job", missing.length > 0 ? "failure" : "success");
  if (missing.length > 0) throw new Error(missing.join("\n"));
}

async function runPosts(machine: Machine, frame: Frame, show: (name: string, conclusion: Conclusion) => void): Promise<void> {
  for (const post of machine.posts.toReversed()) {
    if (machine.run.dead.signal.aborted) return;
    if (!holds(post.condition, { ...scopeOf(frame, frame.env), status: statusOf(machine) })) continue;
    try {
      await post.perform(new AbortController().signal);
      show(post.name, "success");
    } catch (error) {
      machine.job.log.note(`##[error]${error instanceof Error ? error.message : String(error)}`);
      if (machine.status === "success") machine.status = "failure";
      show(post.name, "failure");
    }
  }
}

/** GitHub drops an output that holds a secret, and says so. */
function outputsOf(frame: Frame, job: Job): Readonly<Record<string, string>> {
  const { log } = frame.machine.job;
  return Object.fromEntries(
    Object.entries(textsOf(job.outputs, scopeOf(frame, frame.env))).filter(([name, value]) => {
      const secret = log.holdsSecret(value);
      if (secret) log.note(`##[warning]Skip output '${name}' since it may contain secret.`);
      return !secret;
    }),
  );
}

/** What a job deploys to, where it says so. */
export function environmentOf({ job, contexts, github }: Pick<Assignment, "job" | "contexts" | "github">): JobEnvironment | undefined {
  if (job.environment === undefined) return undefined;
  const written = job.environment;
  const parts =
    typeof written === "object" && written !== null && !Array.isArray(written) && "name" in written ? written : { name: written };
  return { name: text(resolve(parts.name, { contexts: { ...contexts, github } })), url: "url" in parts ? parts.url : undefined };
}

function admit({ idTokens, store }: Services, { run, shown, jobWorkflowRef }: Assignment, environment: string | undefined) {
  const claims = { jobWorkflowRef, jobId: shown.id, ...(environment === undefined ? {} : { environment }) };
  return idTokens.admit({ runId: run.record.id, claims, defaultAudience: `${store.serverUrl}/${run.repository.owner}` });
}
