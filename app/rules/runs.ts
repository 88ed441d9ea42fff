import type { Cause } from "../domain/events.ts";
import type { Run } from "../domain/issue.ts";
import { type Conclusion, lookAgain, nothing, passed, type Rule, type Scene, say } from "./rule.ts";

const MINUTE_MS = 60_000;
/** What a run gets beyond its own wall limit: checkout, upload and the publish job. */
const AROUND_THE_RUN_MS = 10 * MINUTE_MS;
/** How long the world may take to show what a finished run published. */
const PUBLISH_MS = 2 * MINUTE_MS;

/** A run ends in what it was asked for, or somebody says why not (F17–F20). */
export const runs: Rule = (scene) => {
  const run = scene.issue.runs.at(-1);
  if (!run || run.fenced || run.stuck) return nothing;
  if (run.finished) return delivered(scene, run) ? nothing : published(scene, run, run.finished);
  return underWay(scene, run);
};

function underWay(scene: Scene, run: Run): Conclusion {
  const { seen, policy, now } = scene;
  const wall = (run.startedAt ?? now).getTime() + policy.limits.minutesPerRun * MINUTE_MS + AROUND_THE_RUN_MS;
  const ended = seen.run?.runId === run.runId && seen.run.status === "completed";
  // Its report was lost, and its result speaks for it.
  if (ended && delivered(scene, run))
    return say({ type: "RUN_FINISHED", data: { runId: run.runId, outcome: run.kind === "review" ? "review" : "patch", ...unknownCost } });
  if (ended && seen.run?.conclusion === "cancelled") return stuck(scene, run, "human", "Its workflow run was cancelled.");
  if (ended)
    return stuck(scene, run, "infra", `Its workflow run ended (${seen.run?.conclusion ?? "unknown"}) before the agent reported anything.`);
  if (!run.startedAt) {
    if (!passed(run.requestedAt, policy.timeouts.runnerStarts, now)) return lookAgain(run.requestedAt, policy.timeouts.runnerStarts);
    return stuck(scene, run, "infra", `No runner took the run within ${policy.timeouts.runnerStarts / MINUTE_MS} minutes.`);
  }
  const seenAt = later(run.lastSeenAt ?? run.startedAt, seen.run?.runId === run.runId ? seen.run.lastSeenAt : undefined);
  if (passed(seenAt, policy.timeouts.heartbeat, now))
    return stuck(scene, run, "agent", `The agent was silent for ${policy.timeouts.heartbeat / MINUTE_MS} minutes.`);
  if (now.getTime() >= wall) return stuck(scene, run, "agent", `The run passed its ${policy.limits.minutesPerRun} minutes.`);
  return { events: [], wakeAt: new Date(Math.min(wall, seenAt.getTime() + policy.timeouts.heartbeat)) };
}

function published(scene: Scene, run: Run, finished: NonNullable<Run["finished"]>): Conclusion {
  const { seen, now } = scene;
  if (finished.outcome === "question") return nothing;
  if (finished.outcome !== "patch" && finished.outcome !== "review")
    return stuck(scene, run, "agent", `The agent ended with ${finished.outcome}${finished.summary ? `: ${finished.summary}` : "."}`);
  if (seen.run?.runId === run.runId && seen.run.status === "completed" && seen.run.conclusion !== "success") {
    return stuck(scene, run, "agent", "Its result was not published: the publish job refused it or failed.");
  }
  if (passed(finished.at, PUBLISH_MS, now)) return stuck(scene, run, "infra", "Its result never appeared on GitHub.");
  return lookAgain(finished.at, PUBLISH_MS);
}

const unknownCost = { usd: 0, tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }, turns: 0, minutes: 0 };

/** Whether what the run was for is there to be seen. */
function delivered({ issue }: Scene, run: Run): boolean {
  if (run.kind === "review")
    return issue.review !== undefined && issue.review.headSha === run.baseSha && issue.review.result !== "requested";
  return issue.pullRequest !== undefined && issue.pullRequest.headSha !== run.baseSha;
}

const stuck = ({ issue }: Scene, { runId, agentId }: Run, cause: Cause, reason: string): Conclusion =>
  say({
    type: "AGENT_STUCK",
    data: { agentId, runId, attempt: issue.assignment?.attempt ?? issue.attempts, cause, reason, fingerprint: reason.replace(/\d+/g, "n") },
  });

const later = (a: Date, b: Date | undefined): Date => (b && b > a ? b : a);
