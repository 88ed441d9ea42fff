import { showDeployment, showDeploymentStatus } from "../shapes/deployment.ts";
import type { Deployment, DeploymentState, DeploymentStatus } from "../state/deployment.ts";
import type { Author } from "../state/people.ts";
import type { Repository } from "../state/repository.ts";
import { announce } from "../webhooks/announce.ts";
import { nextId, nowIso, type World } from "../world.ts";

export interface DeploymentWish {
  readonly ref: string;
  readonly sha: string;
  readonly environment: string;
  readonly task?: string;
  readonly payload?: unknown;
  readonly description?: string | null;
  readonly transient?: boolean;
  readonly production?: boolean;
  readonly logUrl?: string;
}

const tell = (
  world: World,
  repository: Repository,
  deployment: Deployment,
  event: string,
  by: Author,
  more: object = {},
  startsNothing = false,
) =>
  announce(world, repository, {
    event,
    action: "created",
    by,
    payload: { deployment: showDeployment(world, repository, deployment), workflow: null, workflow_run: null, ...more },
    ref: repository.git.refs.has(`refs/heads/${deployment.ref}`) ? `refs/heads/${deployment.ref}` : "",
    sha: deployment.sha,
    startsNothing,
  });

export function createDeployment(world: World, repository: Repository, author: Author, wish: DeploymentWish): Deployment {
  const deployment: Deployment = {
    id: nextId(world, "deployment"),
    author,
    ref: wish.ref,
    sha: wish.sha,
    task: wish.task ?? "deploy",
    payload: wish.payload ?? {},
    environment: wish.environment,
    description: wish.description ?? null,
    transient: wish.transient ?? false,
    production: wish.production ?? wish.environment === "production",
    createdAt: nowIso(world),
    ...(wish.logUrl === undefined ? {} : { logUrl: wish.logUrl }),
    statuses: [],
  };
  repository.deployments.set(deployment.id, deployment);
  tell(world, repository, deployment, "deployment", author);
  return deployment;
}

export interface StatusWish {
  readonly state: DeploymentState;
  readonly description?: string;
  readonly environmentUrl?: string;
  readonly logUrl?: string;
  readonly autoInactive?: boolean;
}

export function addStatus(
  world: World,
  repository: Repository,
  deployment: Deployment,
  author: Author,
  wish: StatusWish,
): DeploymentStatus {
  const status: DeploymentStatus = {
    id: nextId(world, "status"),
    author,
    state: wish.state,
    description: wish.description ?? "",
    environmentUrl: wish.environmentUrl ?? "",
    logUrl: wish.logUrl ?? deployment.logUrl ?? "",
    at: nowIso(world),
  };
  deployment.statuses.push(status);
  const shown = { deployment_status: showDeploymentStatus(world, repository, deployment, status) };
  tell(world, repository, deployment, "deployment_status", author, shown, wish.state === "inactive");
  // A success takes the place of what was there.
  if (wish.state === "success" && wish.autoInactive !== false && !deployment.transient) {
    for (const other of repository.deployments.values()) {
      if (other === deployment || other.environment !== deployment.environment || other.transient) continue;
      if (other.statuses.at(-1)?.state === "success") addStatus(world, repository, other, author, { state: "inactive" });
    }
  }
  return status;
}
