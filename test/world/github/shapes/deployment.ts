import type { Deployment, DeploymentStatus } from "../state/deployment.ts";
import type { Repository } from "../state/repository.ts";
import type { World } from "../world.ts";
import { nodeId } from "./node-id.ts";
import { showAppOf, showUser } from "./people.ts";
import { apiOf } from "./repository.ts";

export function showDeployment(world: World, repository: Repository, deployment: Deployment) {
  const url = `${apiOf(world, repository)}/deployments/${deployment.id}`;
  return {
    url,
    id: deployment.id,
    node_id: nodeId("Deployment", deployment.id),
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: deployment.payload,
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description,
    creator: showUser(world, deployment.author.user),
    created_at: deployment.createdAt,
    updated_at: deployment.statuses.at(-1)?.at ?? deployment.createdAt,
    statuses_url: `${url}/statuses`,
    repository_url: apiOf(world, repository),
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    performed_via_github_app: showAppOf(world, deployment.author.app),
  };
}

export function showDeploymentStatus(world: World, repository: Repository, deployment: Deployment, status: DeploymentStatus) {
  const url = `${apiOf(world, repository)}/deployments/${deployment.id}`;
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId("DeploymentStatus", status.id),
    state: status.state,
    creator: showUser(world, status.author.user),
    description: status.description,
    environment: deployment.environment,
    target_url: status.logUrl,
    created_at: status.at,
    updated_at: status.at,
    deployment_url: url,
    repository_url: apiOf(world, repository),
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    performed_via_github_app: showAppOf(world, status.author.app),
  };
}
