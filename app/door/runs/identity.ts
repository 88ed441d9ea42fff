/** Whether a workflow's token speaks for a run: signature, issuer, audience and expiry are checked before. */
import type { Policy } from "../../domain/policy.ts";
import type { WorkflowIdentity } from "../oidc.ts";
import { Problem } from "../problem.ts";

export interface Place {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly defaultBranch: string;
}

/** Only the policy's workflow for this agent, as it stands on the default branch, may act: a branch's own version could be anything. */
export function requireWorkflow(identity: WorkflowIdentity, place: Place, policy: Policy, agent: string): void {
  if (identity.repositoryId !== place.id)
    throw new Problem(403, `The token is one of ${identity.repository}, not of ${place.owner}/${place.name}.`);
  const workflow = workflowOf(policy, agent);
  if (!workflow) throw new Problem(403, `The repository's policy has no agent ${agent}.`);
  const expected = `${place.owner}/${place.name}/.github/workflows/${workflow}@refs/heads/${place.defaultBranch}`;
  // GitHub's repository names do not distinguish case; file and branch names do.
  const [path, file] = cut(identity.workflowRef);
  const [expectedPath, expectedFile] = cut(expected);
  if (path.toLowerCase() !== expectedPath.toLowerCase() || file !== expectedFile) {
    throw new Problem(403, `The token is one of the workflow ${identity.workflowRef}; ${agent} runs as ${expected}.`);
  }
}

/** The run that GitHub named when it was dispatched; else the one that claimed it first. */
export function requireSameRun(identity: WorkflowIdentity, workflowRunId: number | null): void {
  if (workflowRunId !== null && workflowRunId !== identity.runId) {
    throw new Problem(403, `The token is one of the workflow run ${identity.runId}; this run is ${workflowRunId}.`);
  }
}

/** Where people see the job that shows the token, or its workflow run where GitHub does not tell the job. */
export const pageOf = ({ repository, runId, jobId }: WorkflowIdentity, githubUrl: string): string =>
  `${githubUrl}/${repository}/actions/runs/${runId}${jobId === undefined ? "" : `/job/${jobId}`}`;

/** Whoever lets an agent work does not publish (R13): another job of the workflow run has to ask. */
export function requireAnotherJob(identity: WorkflowIdentity, workedAt: string | null, githubUrl: string): void {
  if (identity.jobId !== undefined && workedAt === pageOf(identity, githubUrl))
    throw new Problem(403, "The token is one of the job in which the agent worked: the publish job asks, and no other.");
}

function workflowOf({ agents }: Policy, agent: string): string | undefined {
  return Object.entries(agents).find(([name]) => name === agent)?.[1].workflow;
}

function cut(ref: string): readonly [string, string] {
  const at = ref.indexOf("/.github/");
  return at < 0 ? ["", ref] : [ref.slice(0, at), ref.slice(at)];
}
