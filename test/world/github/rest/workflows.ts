import { parse } from "yaml";
import { resolveCommit } from "../git/store.ts";
import { entryAt, readBlob, readTree } from "../git/tree.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import { apiOf, htmlOf } from "../shapes/repository.ts";
import { showRun, showWorkflow, workflowId } from "../shapes/run.ts";
import type { Repository } from "../state/repository.ts";
import { type Endpoint, noContent, ok, onRepository } from "./endpoint.ts";
import { counted } from "./pages.ts";
import { filterRuns } from "./runs.ts";

const reads = { app: { actions: "read" }, person: "read" } as const;
const FOLDER = ".github/workflows";

interface WorkflowFile {
  readonly path: string;
  readonly name: string;
}

/** The workflow files of the default branch. */
async function workflowsOf(repository: Repository): Promise<readonly WorkflowFile[]> {
  const commit = await resolveCommit(repository.git, repository.defaultBranch);
  const folder = commit && (await entryAt(repository.git, commit, FOLDER));
  if (!folder) return [];
  const files = (await readTree(repository.git, folder.sha)).filter(({ path }) => /\.ya?ml$/.test(path));
  return Promise.all(
    files.map(async (file) => {
      const path = `${FOLDER}/${file.path}`;
      const content = parse((await readBlob(repository.git, file.sha)).toString()) as { name?: unknown } | null;
      return { path, name: typeof content?.name === "string" ? content.name : path };
    }),
  );
}

async function findWorkflow(repository: Repository, idOrFile: string | number): Promise<WorkflowFile> {
  const found = (await workflowsOf(repository)).find(
    ({ path }) => path === `${FOLDER}/${idOrFile}` || workflowId(path) === Number(idOrFile),
  );
  if (!found) throw notFound();
  return found;
}

export const workflowEndpoints: readonly Endpoint[] = [
  onRepository("actions/list-repo-workflows", reads, async (call) =>
    counted(call, "workflows", await workflowsOf(call.repository), ({ path, name }) =>
      showWorkflow(call.world, call.repository, path, name),
    ),
  ),
  onRepository("actions/get-workflow", reads, async ({ world, repository, params }) => {
    const { path, name } = await findWorkflow(repository, params.workflow_id);
    return ok(showWorkflow(world, repository, path, name));
  }),
  onRepository("actions/list-workflow-runs", reads, async (call) => {
    const { world, repository, query } = call;
    const { path } = await findWorkflow(repository, call.params.workflow_id);
    const runs = filterRuns(repository, query).filter((run) => run.path === path);
    return counted(call, "workflow_runs", runs, (run) => showRun(world, repository, run));
  }),
  onRepository(
    "actions/create-workflow-dispatch",
    { app: { actions: "write" }, person: "write" },
    async ({ world, repository, author, params, body }) => {
      const { path } = await findWorkflow(repository, params.workflow_id);
      if (
        !repository.git.refs.has(`refs/heads/${body.ref}`) &&
        !repository.git.refs.has(`refs/tags/${body.ref}`) &&
        !repository.git.refs.has(body.ref)
      ) {
        throw new Refusal(422, `No ref found for: ${body.ref}`);
      }
      if (!world.runner) throw new Error("A workflow was dispatched, but this GitHub has no runner: call useRunner first.");
      const inputs = Object.entries(body.inputs ?? {}).map(([name, value]) => [name, String(value)]);
      const result = await world.runner.dispatch({
        repositoryId: repository.id,
        workflow: path.slice(FOLDER.length + 1),
        ref: body.ref,
        inputs: Object.fromEntries(inputs),
        actor: author().user.login,
      });
      if ("status" in result) throw new Refusal(result.status, result.message);
      if (!body.return_run_details) return noContent;
      return ok({
        workflow_run_id: result.runId,
        run_url: `${apiOf(world, repository)}/actions/runs/${result.runId}`,
        html_url: `${htmlOf(world, repository)}/actions/runs/${result.runId}`,
      });
    },
  ),
];
