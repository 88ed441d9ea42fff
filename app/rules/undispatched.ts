import type { CommandData } from "../domain/commands.ts";
import { liveRun } from "../domain/state.ts";
import { type Conclusion, type Scene, say } from "./rule.ts";

/** A run that GitHub refuses to start is lost at once. */
export function undispatched({ issue, effects }: Scene): Conclusion | undefined {
  const run = liveRun(issue);
  const dead = effects.find(
    ({ kind, state, data }) => kind === "DISPATCH_RUN" && state === "dead" && (data as CommandData<"DISPATCH_RUN">).runId === run?.runId,
  );
  if (!run || !dead) return undefined;
  const { runId, agentId, attempt } = run;
  const reason = `GitHub did not start its workflow: ${dead.error ?? "unknown"}`;
  return say({ type: "AGENT_STUCK", data: { runId, agentId, attempt, cause: "infra", reason, fingerprint: "undispatched" } });
}
