import { parse } from "yaml";
import { z } from "zod";

const Step = z.looseObject({ uses: z.string().optional(), run: z.string().optional(), with: z.record(z.string(), z.unknown()).optional() });
const Job = z.looseObject({
  permissions: z.unknown().optional(),
  "timeout-minutes": z.unknown().optional(),
  uses: z.string().optional(),
  secrets: z.unknown().optional(),
  container: z.union([z.string(), z.looseObject({ image: z.string() })]).optional(),
  steps: z.array(Step).optional(),
});
const Workflow = z.looseObject({
  on: z.union([z.string(), z.array(z.string()), z.record(z.string(), z.unknown())]),
  permissions: z.unknown().optional(),
  jobs: z.record(z.string(), Job),
});

const FORBIDDEN_EVENTS = ["pull_request_target", "workflow_run"];
/** Started by the Conductor or a person, never by what a stranger can cause. */
const AGENT_EVENTS = ["workflow_call", "workflow_dispatch", "schedule"];
const PINNED = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/;

/** What of R22 and R23 a workflow breaks, one line each. */
export function brokenRules(text: string): readonly string[] {
  const workflow = Workflow.parse(parse(text));
  const events = typeof workflow.on === "string" ? [workflow.on] : Array.isArray(workflow.on) ? workflow.on : Object.keys(workflow.on);
  const isAgents = Object.values(workflow.jobs).some(({ permissions }) => JSON.stringify(permissions ?? {}).includes("id-token"));
  return [
    ...(isEmpty(workflow.permissions) ? [] : ["R23 permissions at the top are not {}"]),
    ...events.filter((event) => FORBIDDEN_EVENTS.includes(event)).map((event) => `R23 on ${event}`),
    ...(isAgents ? events.filter((event) => !AGENT_EVENTS.includes(event)).map((event) => `R23 an agent on ${event}`) : []),
    ...(isAgents && /\bsecrets\b/.test(text.replace(/^\s*#.*$/gm, "")) ? ["R7 an agent's workflow names secrets"] : []),
    ...Object.entries(workflow.jobs).flatMap(([id, job]) => ofJob(job).map((broken) => `${broken} (job ${id})`)),
    ...text
      .split("\n")
      .flatMap((line) => (/\buses:/.test(line) && !/# v\d+(\.\d+)*$/.test(line) ? [`R23 no version behind ${line.trim()}`] : [])),
  ];
}

const isEmpty = (value: unknown) => typeof value === "object" && value !== null && Object.keys(value).length === 0;

function ofJob(job: z.infer<typeof Job>): readonly string[] {
  const image = typeof job.container === "string" ? job.container : job.container?.image;
  return [
    ...(job.permissions === undefined ? ["R23 no permissions"] : []),
    ...(job["timeout-minutes"] === undefined && job.uses === undefined ? ["R23 no timeout-minutes"] : []),
    ...(job.secrets === "inherit" ? ["R23 secrets: inherit"] : []),
    ...(image !== undefined && !/@sha256:[0-9a-f]{64}$/.test(image) ? [`R23 image ${image} without its digest`] : []),
    ...[job, ...(job.steps ?? [])].flatMap(({ uses }) => (uses !== undefined && !PINNED.test(uses) ? [`R23 ${uses} is not pinned`] : [])),
    ...(job.steps ?? []).flatMap(ofStep),
  ];
}

function ofStep(step: z.infer<typeof Step>): readonly string[] {
  const keepsToken = step.uses?.startsWith("actions/checkout@") && step.with?.["persist-credentials"] !== false;
  const scripts = [step.run, step.with?.script].filter((script) => typeof script === "string");
  return [
    ...(keepsToken ? ["R23 checkout keeps its credentials"] : []),
    ...scripts.filter((script) => script.includes("${{")).map(() => "R22 an expression in a script; pass it through env"),
  ];
}
