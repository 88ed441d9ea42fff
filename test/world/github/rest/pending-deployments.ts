import { notFound, Refusal } from "../http/refusal.ts";
import { showDeployment } from "../shapes/deployment.ts";
import { showDeploymentReview, showPendingDeployment } from "../shapes/environment.ts";
import type { Repository } from "../state/repository.ts";
import type { Run } from "../state/run.ts";
import { type Endpoint, ok, onRepository } from "./endpoint.ts";

const reads = { app: { actions: "read" }, person: "read" } as const;
const writes = { app: { deployments: "write" }, person: "read" } as const;

function findRun(repository: Repository, id: number): Run {
  const run = repository.runs.get(id);
  if (!run) throw notFound();
  return run;
}

/** Deployments that wait for a reviewer of their environment. */
export const pendingDeploymentEndpoints: readonly Endpoint[] = [
  onRepository("actions/get-pending-deployments-for-run", reads, ({ world, repository, params, identity }) => {
    const viewer = identity.kind === "person" ? identity.user : undefined;
    return ok(findRun(repository, params.run_id).held.map((held) => showPendingDeployment(world, repository, held, viewer)));
  }),
  onRepository("actions/review-pending-deployments-for-run", writes, ({ world, repository, params, body, author }) => {
    const run = findRun(repository, params.run_id);
    const { user } = author();
    const held = body.environment_ids.map((id) => run.held.find(({ environment }) => environment.id === id));
    const decided = held.filter((one) => one !== undefined);
    if (decided.length < held.length) throw new Refusal(422, "No pending deployment requests to approve or reject");
    if (!decided.every(({ environment }) => environment.reviewers.some(({ id }) => id === user.id)))
      throw new Refusal(403, "You are not a required reviewer of this environment.");
    for (const { environment, decide } of decided) {
      run.reviews.push({ environment, state: body.state, user, comment: body.comment });
      decide(body.state === "approved");
    }
    const deployments = decided.flatMap(({ deploymentId }) => repository.deployments.get(deploymentId) ?? []);
    return ok(deployments.map((deployment) => showDeployment(world, repository, deployment)));
  }),
  onRepository("actions/get-reviews-for-run", reads, ({ world, repository, params }) =>
    ok(findRun(repository, params.run_id).reviews.map((review) => showDeploymentReview(world, repository, review))),
  ),
];
