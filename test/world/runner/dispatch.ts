import type { DispatchRequest } from "../actions.ts";
import { declaredInputs, typedInputs } from "./inputs.ts";
import { type Origins, planWorkflow } from "./plan.ts";
import { gitSource } from "./sources.ts";
import { WORKFLOWS } from "./triggers.ts";
import type { Start } from "./workflow-run.ts";

type Refusal = { readonly status: 404 | 422; readonly message: string };

/** Checks a `workflow_dispatch` against the workflow's own declaration. */
export async function checkDispatch(origins: Origins, request: DispatchRequest): Promise<Start | Refusal> {
  const { store } = origins;
  const repository = store.repository(request.repositoryId);
  const fullName = `${repository.owner}/${repository.name}`;
  const gitDir = store.gitDir(request.repositoryId);
  const path = `${WORKFLOWS}/${request.workflow}`;
  const registered = await gitSource(gitDir, fullName, `refs/heads/${repository.defaultBranch}`);
  if ((await registered?.read(path)) === undefined) return { status: 404, message: "Not Found" };
  const names = request.ref.startsWith("refs/") ? [request.ref] : [`refs/heads/${request.ref}`, `refs/tags/${request.ref}`];
  for (const ref of names) {
    const source = await gitSource(gitDir, fullName, ref);
    if (!source) continue;
    try {
      const plan = await planWorkflow(origins, source, path);
      const declared = declaredInputs(plan.workflow, "workflow_dispatch");
      if (!declared) return { status: 422, message: "Workflow does not have 'workflow_dispatch' trigger" };
      const inputs = typedInputs(declared, request.inputs, { contexts: {} });
      const payload = {
        inputs: Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, String(value)])),
        ref,
        workflow: path,
        repository: {
          id: repository.id,
          name: repository.name,
          full_name: fullName,
          owner: { login: repository.owner },
          default_branch: repository.defaultBranch,
          private: repository.private,
        },
        sender: { login: request.actor },
      };
      return {
        repositoryId: repository.id,
        plan,
        inputs,
        cause: { name: "workflow_dispatch", ref, sha: source.sha, payload, actor: request.actor },
      };
    } catch (error) {
      return { status: 422, message: error instanceof Error ? error.message : String(error) };
    }
  }
  return { status: 422, message: `No ref found for: ${request.ref}` };
}
