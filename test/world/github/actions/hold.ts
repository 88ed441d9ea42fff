import { addStatus } from "../deployments/deployment.ts";
import type { Deployment } from "../state/deployment.ts";
import type { HeldDeployment, ProtectedEnvironment } from "../state/environment.ts";
import { nowIso, type World } from "../world.ts";
import type { Found } from "./find.ts";

/** Holds a new deployment of a run until a reviewer decides, or the signal ends it. */
export function holdDeployment(
  world: World,
  { repository, run }: Found,
  deployment: Deployment,
  environment: ProtectedEnvironment,
  signal: AbortSignal,
): Promise<boolean> {
  const before = run.status;
  Object.assign(run, { status: "waiting", updatedAt: nowIso(world) });
  addStatus(world, repository, deployment, deployment.author, { state: "waiting" });
  return new Promise((resolve) => {
    const decide = (approved: boolean) => {
      run.held.splice(run.held.indexOf(held), 1);
      if (run.status === "waiting" && run.held.length === 0) Object.assign(run, { status: before, updatedAt: nowIso(world) });
      resolve(approved);
    };
    const held: HeldDeployment = { environment, deploymentId: deployment.id, decide };
    run.held.push(held);
    signal.addEventListener("abort", () => run.held.includes(held) && decide(false), { once: true });
    if (signal.aborted) decide(false);
  });
}
