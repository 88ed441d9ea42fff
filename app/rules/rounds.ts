import { runIdFor } from "../domain/ids.ts";
import { liveRun, stateOf } from "../domain/state.ts";
import { nothing, type Rule, say } from "./rule.ts";
import { undispatched } from "./undispatched.ts";

/** A round is one run. One that was lost is asked for again a few times; whatever else it ends with is its end. */
export const rounds: Rule = (scene) => {
  const { subject, issue, version, seen, policy, paused } = scene;
  const { round, runs } = issue;
  if (!round || stateOf(issue) === "done") return nothing;
  const run = liveRun(issue);
  // What nobody may work in, nobody looks around in either. Nobody has failed by that, so it is not asked for again.
  const resting = paused ?? (policy.mode === "active" ? undefined : `The repository's mode is ${policy.mode}.`);
  if (resting !== undefined) {
    if (!run) return nothing;
    const { runId, agentId, attempt } = run;
    return say({ type: "AGENT_STUCK", data: { runId, agentId, attempt, cause: "human", reason: resting, fingerprint: "resting" } });
  }
  if (run) return undispatched(scene) ?? nothing;
  const { agent, agentId, kind } = round;
  const runId = runIdFor(subject.stream, version + 1);
  return say({
    type: "RUN_REQUESTED",
    data: { ...{ runId, agent, agentId, kind }, attempt: runs.length + 1, branch: "", baseSha: seen.defaultBranch.sha, findings: [] },
  });
};
