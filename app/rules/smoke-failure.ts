/** What follows when a release does not pass its checks. */
import type { Environment, Probe, RigEvent } from "../domain/events.ts";
import type { Sha } from "../domain/ids.ts";
import type { Issue } from "../domain/issue.ts";
import type { Conclusion, Scene } from "./rule.ts";

/** The checks of an environment still fail at their deadline. */
export function smokeFailed({ issue, policy }: Scene, environment: Environment, sha: Sha, failed: readonly Probe[]): Conclusion {
  const reason = `${environment} does not pass its checks: ${failed.map(({ url, detail }) => `${url} ${detail}`).join("; ")}`;
  const smoke = {
    environment,
    sha,
    failed: [...failed],
    retry: issue.release[environment].smokeFailures + 1,
    maxRetries: policy.limits.smokeRetries,
    cause: "code" as const,
  };
  return { events: [{ type: "SMOKE_FAILED", data: smoke }, askForRelease(issue, reason)] };
}

/** A release that cannot go on by itself is a person's to decide. */
export const askForRelease = (issue: Issue, reason: string): RigEvent => ({
  type: "ESCALATED",
  data: { level: "cto", about: "smoke", reason, attempts: issue.attempts, options: ["retry", "rollback", "close"] },
});
