import { addStatus, createDeployment } from "../deployments/deployment.ts";
import { resolveCommit } from "../git/store.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import { showDeployment, showDeploymentStatus } from "../shapes/deployment.ts";
import type { Deployment } from "../state/deployment.ts";
import type { Repository } from "../state/repository.ts";
import { created, type Endpoint, ok, onRepository } from "./endpoint.ts";
import { listed } from "./pages.ts";

const reads = { app: { deployments: "read" }, person: "read" } as const;
const writes = { app: { deployments: "write" }, person: "write" } as const;

function findDeployment(repository: Repository, id: number): Deployment {
  const deployment = repository.deployments.get(id);
  if (!deployment) throw notFound();
  return deployment;
}

/** The checks a deployment asks for: `undefined` means every one that the commit has. */
function unfinishedChecks(repository: Repository, sha: string, contexts: readonly string[] | undefined): string[] {
  const runs = [...repository.checkRuns.values()].filter(({ headSha }) => headSha === sha);
  const fine = (conclusion: string | null) => ["success", "neutral", "skipped"].includes(conclusion ?? "");
  if (!contexts) return runs.filter(({ conclusion }) => !fine(conclusion)).map(({ name }) => name);
  return contexts.filter((context) => !runs.some(({ name, conclusion }) => name === context && fine(conclusion)));
}

export const deploymentEndpoints: readonly Endpoint[] = [
  onRepository("repos/list-deployments", reads, (call) => {
    const { world, repository, query } = call;
    const wanted = (asked: string | null | undefined, value: string) => !asked || asked === "none" || asked === value;
    const found = [...repository.deployments.values()].filter(
      (one) =>
        wanted(query.sha, one.sha) &&
        wanted(query.ref, one.ref) &&
        wanted(query.task, one.task) &&
        wanted(query.environment, one.environment),
    );
    return listed(call, found.reverse(), (one) => showDeployment(world, repository, one));
  }),
  onRepository("repos/create-deployment", writes, async ({ world, repository, author, body }) => {
    const sha = await resolveCommit(repository.git, body.ref);
    if (!sha) throw new Refusal(422, `No ref found for: ${body.ref}`);
    const unfinished = unfinishedChecks(repository, sha, body.required_contexts);
    if (unfinished.length)
      throw new Refusal(409, `Conflict: Commit status checks failed for ${body.ref}.`, [
        { resource: "Deployment", field: "required_contexts", code: "invalid" },
      ]);
    const deployment = createDeployment(world, repository, author(), {
      ref: body.ref,
      sha,
      environment: body.environment ?? "production",
      ...(body.task ? { task: body.task } : {}),
      payload: body.payload ?? {},
      description: body.description ?? null,
      transient: body.transient_environment ?? false,
      ...(body.production_environment === undefined ? {} : { production: body.production_environment }),
    });
    return created(showDeployment(world, repository, deployment));
  }),
  onRepository("repos/get-deployment", reads, ({ world, repository, params }) =>
    ok(showDeployment(world, repository, findDeployment(repository, params.deployment_id))),
  ),
  onRepository("repos/list-deployment-statuses", reads, (call) => {
    const { world, repository } = call;
    const deployment = findDeployment(repository, call.params.deployment_id);
    return listed(call, [...deployment.statuses].reverse(), (status) => showDeploymentStatus(world, repository, deployment, status));
  }),
  onRepository("repos/create-deployment-status", writes, ({ world, repository, author, params, body }) => {
    const deployment = findDeployment(repository, params.deployment_id);
    const status = addStatus(world, repository, deployment, author(), {
      state: body.state,
      ...(body.description ? { description: body.description } : {}),
      ...(body.environment_url ? { environmentUrl: body.environment_url } : {}),
      ...(body.log_url || body.target_url ? { logUrl: body.log_url || body.target_url || "" } : {}),
      ...(body.auto_inactive === undefined ? {} : { autoInactive: body.auto_inactive }),
    });
    return created(showDeploymentStatus(world, repository, deployment, status));
  }),
  onRepository("repos/get-deployment-status", reads, ({ world, repository, params }) => {
    const deployment = findDeployment(repository, params.deployment_id);
    const status = deployment.statuses.find(({ id }) => id === params.status_id);
    if (!status) throw notFound();
    return ok(showDeploymentStatus(world, repository, deployment, status));
  }),
];
