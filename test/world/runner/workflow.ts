import type { EventsConfig } from "@actions/workflow-parser/model/workflow-template";
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from "./github-libraries.ts";
import { conditionOf, fromToken, listOf, mapOf, type Template, type TemplateMap } from "./template.ts";

export interface Step {
  readonly id: string;
  readonly name: Template | undefined;
  readonly condition: string;
  readonly run: Template | undefined;
  readonly uses: string | undefined;
  readonly with: TemplateMap;
  readonly env: TemplateMap;
  readonly shell: Template | undefined;
  readonly workingDirectory: Template | undefined;
  readonly continueOnError: Template | undefined;
  readonly timeoutMinutes: Template | undefined;
}

export interface Job {
  readonly id: string;
  readonly name: Template | undefined;
  readonly needs: readonly string[];
  readonly condition: string;
  /** Another workflow; such a job has no steps. */
  readonly uses: string | undefined;
  readonly with: TemplateMap;
  readonly secrets: TemplateMap | "inherit";
  readonly permissions: Template | undefined;
  readonly runsOn: Template | undefined;
  readonly env: TemplateMap;
  readonly environment: Template | undefined;
  readonly concurrency: Template | undefined;
  readonly strategy: Template | undefined;
  readonly outputs: TemplateMap;
  readonly runDefaults: TemplateMap;
  readonly timeoutMinutes: Template | undefined;
  readonly continueOnError: Template | undefined;
  readonly steps: readonly Step[];
}

export interface Workflow {
  readonly name: string | undefined;
  readonly runName: Template | undefined;
  /** `on:` as GitHub's own converter reads it. */
  readonly events: EventsConfig;
  /** `on:` as written, for what the converter leaves out. */
  readonly on: Template | undefined;
  readonly permissions: Template | undefined;
  readonly concurrency: Template | undefined;
  readonly env: TemplateMap;
  readonly jobs: readonly Job[];
}

const known = new Map<string, Promise<Workflow>>();

/** Reads a workflow file; throws with GitHub's own messages where it is not one. Every event asks for the same few, so each is read once. */
export function readWorkflow(path: string, content: string): Promise<Workflow> {
  const key = `${path}\0${content}`;
  const workflow = known.get(key) ?? readAnew(path, content);
  known.set(key, workflow);
  return workflow;
}

async function readAnew(path: string, content: string): Promise<Workflow> {
  const { value, context } = parseWorkflow({ name: path, content }, new NoOperationTraceWriter());
  const template = value && (await convertWorkflowTemplate(context, value));
  const errors = template?.errors ?? context.errors.getErrors().map(({ message }) => ({ Message: message }));
  if (!template || !value || errors.length > 0)
    throw new Error(`Invalid workflow file: ${errors.map(({ Message }) => Message).join("; ")}`);
  const root = mapOf(fromToken(value));
  const defaults = mapOf(mapOf(root.defaults).run);
  return {
    name: typeof root.name === "string" ? root.name : undefined,
    runName: root["run-name"],
    events: template.events,
    on: root.on,
    permissions: root.permissions,
    concurrency: root.concurrency,
    env: mapOf(root.env),
    jobs: Object.entries(mapOf(root.jobs)).map(([id, job]) => readJob(id, mapOf(job), defaults)),
  };
}

function readJob(id: string, job: TemplateMap, defaults: TemplateMap): Job {
  for (const key of ["container", "services"]) {
    if (job[key] !== undefined) throw new Error(`Job ${id} has ${key}:, which this runner has not; run its steps on the machine itself.`);
  }
  return {
    id,
    name: job.name,
    needs: listOf(job.needs).map(String),
    condition: conditionOf(job.if),
    uses: typeof job.uses === "string" ? job.uses : undefined,
    with: mapOf(job.with),
    secrets: job.secrets === "inherit" ? "inherit" : mapOf(job.secrets),
    permissions: job.permissions,
    runsOn: job["runs-on"],
    env: mapOf(job.env),
    environment: job.environment,
    concurrency: job.concurrency,
    strategy: job.strategy,
    outputs: mapOf(job.outputs),
    runDefaults: { ...defaults, ...mapOf(mapOf(job.defaults).run) },
    timeoutMinutes: job["timeout-minutes"],
    continueOnError: job["continue-on-error"],
    steps: readSteps(job.steps),
  };
}

/** The steps of a job or of a composite action. */
export function readSteps(steps: Template | undefined): readonly Step[] {
  return listOf(steps).map((item, index) => {
    const step = mapOf(item);
    return {
      id: typeof step.id === "string" ? step.id : `__${index + 1}`,
      name: step.name,
      condition: conditionOf(step.if),
      run: step.run,
      uses: typeof step.uses === "string" ? step.uses : undefined,
      with: mapOf(step.with),
      env: mapOf(step.env),
      shell: step.shell,
      workingDirectory: step["working-directory"],
      continueOnError: step["continue-on-error"],
      timeoutMinutes: step["timeout-minutes"],
    };
  });
}
