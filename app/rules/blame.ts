/** The first merge that fails is the one that is mended: what was merged on top of it waits for that. */
import type { Environment } from "../domain/events.ts";
import type { Sha } from "../domain/ids.ts";
import { type Conclusion, lookAgain, type Scene, say } from "./rule.ts";

/** Whoever waits is looked at as soon as the other is healthy; this is for when that was missed. */
const LOOK_AGAIN_MS = 30_000;

/** What is concluded where an earlier merge is to blame, or was until now; undefined where this one has to answer for itself. */
export function blame({ issue, brokenBefore = [], now }: Scene, environment: Environment, sha: Sha): Conclusion | undefined {
  const first = brokenBefore.find((one) => one.environment === environment);
  const { blocked } = issue.release[environment];
  if (!first) return blocked ? say({ type: "DEPLOY_UNBLOCKED", data: { environment, sha } }) : undefined;
  if (blocked?.by === first.by) return lookAgain(now, LOOK_AGAIN_MS);
  return say({ type: "DEPLOY_BLOCKED", data: { environment, sha, by: first.by, failingSha: first.sha } });
}

/** Production was taken back from an earlier merge that this one contains: it is not brought there again before a person says so. Undefined where nothing is in the way. */
export function frozen({ issue, frozen: back, now }: Scene, environment: Environment, sha: Sha): Conclusion | undefined {
  if (environment !== "production" || !back) return undefined;
  if (issue.release.production.blocked?.by === back.by) return lookAgain(now, LOOK_AGAIN_MS);
  const { by, sha: failingSha, takenBackBy } = back;
  return say({ type: "DEPLOY_BLOCKED", data: { environment, sha, by, failingSha, takenBackBy } });
}
