/** What follows when a release does not pass its checks. */
import { cut } from "../domain/escape.ts";
import type { Environment, Finding, Probe, RigEvent } from "../domain/events.ts";
import type { Sha } from "../domain/ids.ts";
import type { Issue } from "../domain/issue.ts";
import type { Broken } from "../domain/issue-parts.ts";
import { nameOf } from "../domain/probe-name.ts";
import { blame } from "./blame.ts";
import type { Conclusion, Scene } from "./rule.ts";
import { smokeCause } from "./smoke-cause.ts";

const MOST_TOLD = 5;
const MOST_DETAIL = 300;

/** The checks of an environment still fail at their deadline: the change is mended forward, a person is asked, or an earlier merge is to blame. */
export function smokeFailed(scene: Scene, environment: Environment, sha: Sha, failed: readonly Probe[]): Conclusion {
  const { issue, policy } = scene;
  const { cause, because } = smokeCause(failed);
  const mended = issue.release.staging.smokeFailures + issue.release.production.smokeFailures;
  const maxRetries = policy.limits.smokeRetries + issue.grants;
  const smoke = { environment, sha, failed: [...failed], maxRetries, cause, because };
  const back = environment === "production" && scene.lastVerified ? ` It was last verified with ${scene.lastVerified}.` : "";
  const reason = `${environment} does not pass its checks with ${sha.slice(0, 7)}: ${told(failed)}. ${because}${back}`;
  if (cause === "external_dependency")
    return { events: [{ type: "SMOKE_FAILED", data: { ...smoke, retry: mended } }, askForRelease(issue, reason)] };
  const another = blame(scene, environment, sha);
  if (another) return another;
  const retry = mended + 1;
  const event: RigEvent = { type: "SMOKE_FAILED", data: { ...smoke, retry } };
  if (retry <= maxRetries) return { events: [event] };
  return { events: [event, askForRelease(issue, `${reason} It was mended ${mended} times, and ${maxRetries} is the limit.`)] };
}

const told = (failed: readonly Probe[]): string =>
  failed
    .slice(0, MOST_TOLD)
    .map((probe) => `${nameOf(probe)} ${cut(probe.detail, MOST_DETAIL)}`)
    .join("; ");

/** A release that cannot go on by itself is a person's to decide. */
export const askForRelease = (issue: Issue, reason: string): RigEvent => ({
  type: "ESCALATED",
  data: { level: "cto", about: "smoke", reason, attempts: issue.attempts, options: ["retry", "rollback", "close"] },
});

/** What the agent is told of a release that failed. Answers of what was asked are strangers' text, and stand in findings like all such. */
export function evidenceOf({ environment, sha, prNumber, failed, because, takenBackBy }: Broken): readonly Finding[] {
  const change = prNumber ? ` of pull request #${prNumber}` : "";
  if (takenBackBy !== undefined)
    return [
      {
        by: "The Rig",
        text: `${because} The change${change}, ${sha}, is not in the default branch any more. Bring it again, without what was wrong with it.`,
      },
    ];
  const seen = failed.map((probe) => ({
    by: nameOf(probe),
    text: `Asked: ${probe.url}\nExpected and seen: it ${cut(probe.detail, MOST_DETAIL)}`,
  }));
  return [{ by: "The Rig", text: `${environment} runs ${sha}, the merge${change}, and fails there. ${because}` }, ...seen];
}
