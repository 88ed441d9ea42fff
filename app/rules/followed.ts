import { deployed } from "./release.ts";
import { nothing, passed, type Rule, say } from "./rule.ts";

/** Later, nobody asks any more when it came to production. `store.followed` has the same time. */
const FOLLOWED_MS = 14 * 86_400_000;

/** A person's merged pull request is followed to production, so that it is known when it came there. It is theirs all the same. */
export const followed: Rule = ({ issue, seen, now }) => {
  const { merged, release } = issue;
  if (!merged || release.production.deployedAt || passed(merged.at, FOLLOWED_MS, now)) return nothing;
  const deployment = seen.production?.deployment;
  return deployment?.state === "success" ? say(deployed("production", merged.mergeSha, deployment)) : nothing;
};
