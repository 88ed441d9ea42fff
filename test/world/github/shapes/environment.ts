import type { DeploymentReview, HeldDeployment, ProtectedEnvironment } from "../state/environment.ts";
import type { User } from "../state/people.ts";
import type { Repository } from "../state/repository.ts";
import type { World } from "../world.ts";
import { nodeId } from "./node-id.ts";
import { showUser } from "./people.ts";
import { apiOf, htmlOf } from "./repository.ts";

const showEnvironment = (world: World, repository: Repository, { id, name }: ProtectedEnvironment) => ({
  id,
  node_id: nodeId("Environment", id),
  name,
  url: `${apiOf(world, repository)}/environments/${encodeURIComponent(name)}`,
  html_url: `${htmlOf(world, repository)}/deployments/activity_log?environments_filter=${encodeURIComponent(name)}`,
});

/** As somebody sees what waits for its reviewers. */
export const showPendingDeployment = (world: World, repository: Repository, { environment }: HeldDeployment, viewer: User | undefined) => ({
  environment: showEnvironment(world, repository, environment),
  wait_timer: 0,
  wait_timer_started_at: null,
  current_user_can_approve: environment.reviewers.some(({ id }) => id === viewer?.id),
  reviewers: environment.reviewers.map((reviewer) => ({ type: "User", reviewer: showUser(world, reviewer) })),
});

export const showDeploymentReview = (world: World, repository: Repository, { environment, state, user, comment }: DeploymentReview) => ({
  environments: [
    { ...showEnvironment(world, repository, environment), created_at: environment.createdAt, updated_at: environment.createdAt },
  ],
  state,
  user: showUser(world, user),
  comment,
});
