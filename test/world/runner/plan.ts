import type { ActionsStore } from "../actions.ts";
import { declaredInputs } from "./inputs.ts";
import { excess, type Permissions, readPermissions, restricted } from "./permissions.ts";
import { type Source, storeSource, treeSource } from "./sources.ts";
import { mapOf } from "./template.ts";
import { type Job, readWorkflow, type Workflow } from "./workflow.ts";

/** A workflow with everything it calls, read and checked before anything runs. */
export interface Plan {
  readonly workflow: Workflow;
  readonly source: Source;
  /** `.github/workflows/ci.yml`. */
  readonly path: string;
  /** What each job's token may do. */
  readonly permissions: ReadonlyMap<string, Permissions>;
  /** The workflow each `uses:` job calls. */
  readonly calls: ReadonlyMap<string, Plan>;
}

/** Where called workflows come from. */
export interface Origins {
  readonly store: ActionsStore;
  readonly rigRoot: string;
  readonly rigRepository: string;
}

const DEEPEST_CALL = 10;

/** Reads the workflow at `path`, and what it calls; throws with GitHub's message of a startup failure. */
export async function planWorkflow(origins: Origins, source: Source, path: string, allowed?: Permissions, depth = 0): Promise<Plan> {
  const content = await source.read(path);
  if (content === undefined)
    throw new Error(`error parsing called workflow "${source.repository}/${path}@${source.ref}": workflow was not found.`);
  if (depth > DEEPEST_CALL) throw new Error(`${path} calls workflows more than ${DEEPEST_CALL} deep.`);
  const workflow = await readWorkflow(path, content);
  const permissions = new Map(workflow.jobs.map((job) => [job.id, permissionsOf(path, workflow, job, allowed)]));
  const calls = new Map<string, Plan>();
  for (const job of workflow.jobs) {
    if (job.uses === undefined) continue;
    const called = await locate(origins, source, job.uses);
    const plan = await planWorkflow(origins, called.source, called.path, permissions.get(job.id), depth + 1);
    checkCall(path, job, plan);
    calls.set(job.id, plan);
  }
  return { workflow, source, path, permissions, calls };
}

function permissionsOf(path: string, workflow: Workflow, job: Job, allowed: Permissions | undefined): Permissions {
  const wanted = readPermissions(job.permissions) ?? readPermissions(workflow.permissions) ?? allowed ?? restricted;
  const beyond = allowed ? excess(wanted, allowed) : [];
  if (beyond.length > 0)
    throw new Error(`Error calling workflow '${path}'. The nested job '${job.id}' is requesting ${beyond.join("; ")}.`);
  return wanted;
}

async function locate(origins: Origins, caller: Source, uses: string): Promise<{ readonly source: Source; readonly path: string }> {
  if (uses.startsWith("./")) return { source: caller, path: uses.slice(2) };
  const [, repository = "", path = "", ref = ""] = /^([^/]+\/[^/]+)\/(\.github\/workflows\/[^/@]+)@(.+)$/.exec(uses) ?? [];
  if (repository === "")
    throw new Error(
      `invalid value workflow reference: ${uses} is neither ./.github/workflows/FILE nor OWNER/REPO/.github/workflows/FILE@REF.`,
    );
  if (repository === origins.rigRepository) return { source: treeSource(origins.rigRoot, repository, ref), path };
  const source = await storeSource(origins.store, repository, ref);
  if (!source) throw new Error(`error parsing called workflow "${uses}": workflow was not found.`);
  return { source, path };
}

function checkCall(path: string, job: Job, called: Plan): void {
  const inputs = declaredInputs(called.workflow, "workflow_call");
  if (!inputs) throw new Error(`${path}: job ${job.id} calls ${called.path}, which has no on.workflow_call.`);
  const secrets = mapOf(mapOf(mapOf(called.workflow.on).workflow_call).secrets);
  const problems = [
    ...Object.keys(job.with).flatMap((name) =>
      name in inputs ? [] : [`Invalid input, ${name} is not defined in the referenced workflow.`],
    ),
    ...Object.entries(inputs).flatMap(([name, { required }]) =>
      required && !(name in job.with) ? [`Input ${name} is required, but not provided while calling.`] : [],
    ),
    ...Object.entries(secrets).flatMap(([name, secret]) =>
      mapOf(secret).required === true && job.secrets !== "inherit" && !(name in job.secrets)
        ? [`Secret ${name} is required, but not provided while calling.`]
        : [],
    ),
    ...Object.keys(job.secrets === "inherit" ? {} : job.secrets).flatMap((name) =>
      name in secrets ? [] : [`Invalid secret, ${name} is not defined in the referenced workflow.`],
    ),
  ];
  if (problems.length > 0) throw new Error(`${path}: job ${job.id}: ${problems.join(" ")}`);
}
