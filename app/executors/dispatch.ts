import { type Hands, repositoryOf } from "./executor.ts";

export interface DispatchedRun {
  readonly id: number;
  readonly url: string;
}

/** Starts a workflow and learns which run it became. */
export async function startWorkflow(
  { octokit, subject }: Hands,
  workflow_id: string,
  ref: string,
  inputs: Readonly<Record<string, string>>,
): Promise<DispatchedRun> {
  const { data } = await octokit.request("POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches", {
    ...repositoryOf(subject),
    workflow_id,
    ref,
    inputs: { ...inputs },
    return_run_details: true,
  });
  if (!data) throw new Error(`GitHub started ${workflow_id} without naming its run.`);
  return { id: Number(data.workflow_run_id), url: data.html_url };
}

/** A run of the workflow that names all of these words in its title (`run-name`), begun since the command was planned, as far as clocks agree. */
export async function findWorkflowRun(
  { octokit, subject, attempt }: Hands,
  workflow_id: string,
  words: readonly string[],
  skewMs: number,
): Promise<DispatchedRun | undefined> {
  const since = Math.floor(attempt.plannedAt.getTime() / 1000) * 1000 - skewMs;
  const wanted = { ...repositoryOf(subject), workflow_id, event: "workflow_dispatch", per_page: 100 };
  for await (const { data: runs } of octokit.paginate.iterator(octokit.rest.actions.listWorkflowRuns, wanted)) {
    const young = runs.filter(({ created_at }) => Date.parse(created_at) >= since);
    const found = young.find(({ display_title }) => words.every((word) => display_title.includes(word)));
    if (found) return { id: found.id, url: found.html_url };
    if (young.length < runs.length) return undefined;
  }
  return undefined;
}
