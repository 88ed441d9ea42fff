import { cut } from "../domain/escape.ts";
import type { Cause } from "../domain/events.ts";
import type { Issue } from "../domain/issue.ts";
import type { Run } from "../domain/issue-parts.ts";
import { type Conclusion, lookAgain, nothing, passed, type Rule, type Scene, say } from "./rule.ts";

const MINUTE_MS = 60_000;
/** What a run gets beyond its own wall limit: checkout, upload and the publish job. */
const AROUND_THE_RUN_MS = 10 * MINUTE_MS;
/** How long the world may take to show what a finished run published. */
export const PUBLISH_MS = 2 * MINUTE_MS;

/** A run ends in what it was asked for, or somebody says why not (F17–F20). */
export const runs: Rule = (scene) => {
  const run = scene.issue.runs.at(-1);
  // Who was asked to make room, or has no budget left, is not judged by what it did not finish.
  if (!run || run.fenced || run.stuck || run.asked || scene.issue.waiting?.for === "budget") return nothing;
  // Nobody waits for what an issue that was taken from its agent may not publish.
  if (run.finished && run.kind !== "review" && !scene.issue.assignment) return nothing;
  if (run.finished) return delivered(scene.issue, run) ? nothing : published(scene, run, run.finished);
  return underWay(scene, run);
};

function underWay(scene: Scene, run: Run): Conclusion {
  const { seen, policy, now } = scene;
  const wall = (run.startedAt ?? now).getTime() + policy.limits.minutesPerRun * MINUTE_MS + AROUND_THE_RUN_MS;
  const ended = seen.run?.runId === run.runId && seen.run.status === "completed";
  // Its report was lost, and its result speaks for it.
  if (ended && delivered(scene.issue, run))
    return say({ type: "RUN_FINISHED", data: { runId: run.runId, outcome: run.kind === "review" ? "review" : "patch", ...unknownCost } });
  if (ended && run.question !== undefined) return askedLast(run);
  if (ended && seen.run?.superseded) return stuck(scene, run, "superseded", "GitHub cancelled its workflow run in favour of a newer one.");
  if (ended && seen.run?.conclusion === "cancelled") return stuck(scene, run, "human", "Its workflow run was cancelled.");
  if (ended)
    return stuck(scene, run, "infra", `Its workflow run ended (${seen.run?.conclusion ?? "unknown"}) before the agent reported anything.`);
  if (!run.startedAt) {
    return waitsForRunner(scene, run);
  }
  const seenAt = later(run.lastSeenAt ?? run.startedAt, seen.run?.runId === run.runId ? seen.run.lastSeenAt : undefined);
  if (run.question !== undefined) return asks(scene, run, seenAt);
  // Who keeps its work without being asked was told to end, and ends. GitHub says how in its own time, and never where a machine went away.
  if (run.checkpoint && passed(seenAt, PUBLISH_MS, now))
    return stuck(scene, run, "infra", "Its job was told to end before the agent was done; what it had done is kept.");
  if (passed(seenAt, policy.timeouts.heartbeat, now))
    return stuck(scene, run, "agent", `The agent was silent for ${inMinutes(policy.timeouts.heartbeat)}.`);
  if (now.getTime() >= wall) return stuck(scene, run, "agent", `The run passed its ${policy.limits.minutesPerRun} minutes.`);
  // Whoever only looks changes nothing, however well it goes.
  const idleSince = scene.issue.round ? undefined : run.progress?.since;
  if (idleSince && passed(idleSince, policy.timeouts.progress, now))
    return stuck(scene, run, "agent", `The agent lives, and for ${inMinutes(policy.timeouts.progress)} changed no file and ran no test.`);
  if ((run.progress?.sameCalls ?? 0) >= SAME_CALLS)
    return stuck(scene, run, "agent", `The agent lives, and made the same call ${run.progress?.sameCalls} times in a row.`);
  const deadlines = [
    wall,
    seenAt.getTime() + policy.timeouts.heartbeat,
    ...(run.checkpoint ? [seenAt.getTime() + PUBLISH_MS] : []),
    ...(idleSince ? [idleSince.getTime() + policy.timeouts.progress] : []),
  ];
  return { events: [], wakeAt: new Date(Math.min(...deadlines)) };
}

/** A run ends with its question. Where only the report of its end was lost, the question speaks for it. */
function asks({ policy, now }: Scene, run: Run, seenAt: Date): Conclusion {
  return passed(seenAt, policy.timeouts.heartbeat, now) ? askedLast(run) : lookAgain(seenAt, policy.timeouts.heartbeat);
}

const askedLast = ({ runId, usd = 0 }: Run): Conclusion =>
  say({ type: "RUN_FINISHED", data: { runId, outcome: "question", ...unknownCost, usd } });

/** Dispatched, and nobody has taken it: first people are shown, then it is given up (F17). */
function waitsForRunner(scene: Scene, run: Run): Conclusion {
  const { seen, policy, now } = scene;
  const { runnerStarts, runnerStarved } = policy.timeouts;
  if (passed(run.requestedAt, runnerStarts, now))
    return stuck(scene, run, "infra", `No runner took the run within ${inMinutes(runnerStarts)}.`);
  if (run.starvedAt) return lookAgain(run.requestedAt, runnerStarts);
  if (!passed(run.requestedAt, runnerStarved, now)) return lookAgain(run.requestedAt, Math.min(runnerStarved, runnerStarts));
  const waitedMinutes = Math.floor((now.getTime() - run.requestedAt.getTime()) / MINUTE_MS);
  const detail =
    seen.run?.status === "queued" || seen.run?.status === "in_progress"
      ? `GitHub has the run in its queue and no self-hosted runner takes it: look at the runner scale set, and at ${seen.run.url ?? "the run"}.`
      : "GitHub does not show the run yet.";
  return say({ type: "RUNNER_STARVED", data: { runId: run.runId, waitedMinutes, detail } });
}

function published(scene: Scene, run: Run, finished: NonNullable<Run["finished"]>): Conclusion {
  const { seen, now } = scene;
  // Whoever asked waits for its answer; a question that never came is none.
  if (finished.outcome === "question" && run.question !== undefined) return nothing;
  if (finished.outcome !== "patch" && finished.outcome !== "review")
    return stuck(scene, run, "agent", `The agent ended with ${finished.outcome}${finished.summary ? `: ${finished.summary}` : "."}`);
  if (seen.run?.runId === run.runId && seen.run.status === "completed" && seen.run.conclusion !== "success") {
    return stuck(scene, run, "agent", unpublished(run));
  }
  if (passed(finished.at, PUBLISH_MS, now)) return stuck(scene, run, "infra", "Its result never appeared on GitHub.");
  return lookAgain(finished.at, PUBLISH_MS);
}

const unpublished = ({ refused }: Run): string =>
  refused
    ? `Its result was not published, by the rule ${refused.rule}: ${cut(refused.detail, MOST_REFUSAL)}`
    : "Its result was not published: the publish job refused it or failed.";

const MOST_REFUSAL = 500;

/** Our own runtime ends itself at three; whatever else reports has a little more. */
const SAME_CALLS = 5;

const unknownCost = { usd: 0, tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }, turns: 0, minutes: 0 };

/** Whether what the run was for is there to be seen. */
export function delivered(issue: Issue, run: Run): boolean {
  // For what is said of a head that has moved on nobody waits.
  if (run.kind === "review" && issue.pullRequest?.headSha !== run.baseSha) return true;
  // An author who objects to all that it was told has delivered that.
  if (run.disputed && run.finished?.outcome === "nothing_to_do") return true;
  if (run.kind === "review")
    // Asked for again, it is another run's to deliver.
    return issue.review?.headSha === run.baseSha && (issue.review.result !== "requested" || issue.review.since > run.requestedAt);
  return issue.pullRequest !== undefined && issue.pullRequest.headSha !== run.baseSha;
}

const stuck = ({ issue }: Scene, { runId, agentId }: Run, cause: Cause, reason: string): Conclusion =>
  say({
    type: "AGENT_STUCK",
    data: { agentId, runId, attempt: issue.assignment?.attempt ?? issue.attempts, cause, reason, fingerprint: reason.replace(/\d+/g, "n") },
  });

/** As people say it: `15 minutes`, and `30 seconds` where a minute is too long. */
const inMinutes = (ms: number): string => (ms >= MINUTE_MS ? `${Math.round(ms / MINUTE_MS)} minutes` : `${Math.round(ms / 1000)} seconds`);

const later = (a: Date, b: Date | undefined): Date => (b && b > a ? b : a);
