import type { Conclusion } from "../actions.ts";
import { holds, type Scope, text } from "./expressions.ts";
import { type Machine, statusOf, whenCancelled } from "./machine.ts";
import { mapOf, resolve, type TemplateMap } from "./template.ts";
import type { Step } from "./workflow.ts";

/** What `steps.<id>` shows. */
export interface StepResult {
  readonly outputs: Readonly<Record<string, string>>;
  readonly outcome: Conclusion;
  readonly conclusion: Conclusion;
}

/** The list of steps a step stands in: a job's, or a composite action's. */
export interface Frame {
  readonly machine: Machine;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Environment of every step here. */
  readonly env: Readonly<Record<string, string>>;
  readonly runDefaults: TemplateMap;
  /** What `github` shows here and nowhere else: `action_path`. */
  readonly github: Readonly<Record<string, unknown>>;
  readonly results: Record<string, StepResult>;
}

/** A step about to be performed. */
export interface Call {
  readonly frame: Frame;
  readonly step: Step;
  readonly scope: Scope;
  readonly env: Readonly<Record<string, string>>;
  readonly cancelled: AbortSignal;
}

/** Does a step's work and answers its outputs; throws where it fails. */
export type Perform = (call: Call) => Promise<Readonly<Record<string, string>>>;

/** The step ran, and did not succeed: its own output says why. */
export class StepFailed extends Error {}

export function scopeOf(frame: Frame, env: Readonly<Record<string, string>>): Scope {
  const { machine } = frame;
  const contexts = {
    ...machine.contexts,
    github: { ...machine.github, ...frame.github },
    runner: machine.runner,
    job: { status: machine.status },
    inputs: frame.inputs,
    steps: frame.results,
    env,
  };
  return { contexts, status: statusOf(machine) };
}

/** Runs steps one after another; a failed one leaves those that ask for `success()` out. */
export async function runSteps(
  frame: Frame,
  steps: readonly Step[],
  perform: Perform,
  shown: (name: string, conclusion: Conclusion) => void,
) {
  for (const step of steps) {
    const { name, result } = await runStep(frame, step, perform);
    frame.results[step.id] = result;
    if (result.conclusion === "failure" && frame.machine.status === "success") frame.machine.status = "failure";
    shown(name, result.conclusion);
    if (frame.machine.run.dead.signal.aborted) return;
  }
}

async function runStep(frame: Frame, step: Step, perform: Perform): Promise<{ readonly name: string; readonly result: StepResult }> {
  const { machine } = frame;
  const { log } = machine.job;
  const outer = { ...frame.env, ...machine.env };
  let name = step.uses ?? "Run";
  try {
    const before = scopeOf(frame, outer);
    const env = { ...outer, ...textsOf(step.env, before) };
    const scope = scopeOf(frame, env);
    name = nameOf(step, scope);
    if (!holds(step.condition, { ...before, status: statusOf(machine) }))
      return { name, result: { outputs: {}, outcome: "skipped", conclusion: "skipped" } };
    log.note(`##[group]${name}`);
    const stop = stopFor(frame, step, scope);
    const tolerated = text(resolve(step.continueOnError, scope)) === "true";
    try {
      const outputs = await perform({ frame, step, scope, env, cancelled: stop.signal });
      return { name, result: { outputs, outcome: "success", conclusion: "success" } };
    } catch (error) {
      log.note(`##[error]${error instanceof Error ? error.message : String(error)}`);
      const outcome = machine.status === "cancelled" && stop.signal.aborted ? "cancelled" : "failure";
      return {
        name,
        result: {
          outputs: error instanceof FailedWithOutputs ? error.outputs : {},
          outcome,
          conclusion: tolerated && outcome === "failure" ? "success" : outcome,
        },
      };
    } finally {
      stop.done();
      log.note("##[endgroup]");
    }
  } catch (error) {
    log.note(`##[error]${error instanceof Error ? error.message : String(error)}`);
    return { name, result: { outputs: {}, outcome: "failure", conclusion: "failure" } };
  }
}

/** A step that failed after it had said something. */
export class FailedWithOutputs extends StepFailed {
  readonly outputs: Readonly<Record<string, string>>;
  constructor(message: string, outputs: Readonly<Record<string, string>>) {
    super(message);
    this.outputs = outputs;
  }
}

export function textsOf(template: TemplateMap, scope: Scope): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(mapOf(template)).map(([key, value]) => [key, text(resolve(value, scope))]));
}

function nameOf(step: Step, scope: Scope): string {
  if (step.name !== undefined) return text(resolve(step.name, scope));
  return `Run ${step.uses ?? text(resolve(step.run, scope)).trim().split("\n")[0]}`;
}

/** Ends a step when the job is cancelled, unless its `if:` holds then too, or when its own time is up. */
function stopFor({ machine }: Frame, step: Step, scope: Scope) {
  const stop = new AbortController();
  const minutes = Number(text(resolve(step.timeoutMinutes, scope)) || 0);
  const timer = minutes > 0 ? setTimeout(() => stop.abort(), minutes * 60_000) : undefined;
  const { signal } = machine.job.cancelled;
  const survives = signal.aborted || (step.condition !== "" && holds(step.condition, { ...scope, status: whenCancelled }));
  const cancel = () => stop.abort();
  if (!survives) signal.addEventListener("abort", cancel);
  return {
    signal: stop.signal,
    done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", cancel);
    },
  };
}
