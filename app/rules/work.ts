import { resumable, runOf, stateOf } from "../domain/state.ts";
import { requestRun } from "./request-run.ts";
import { nothing, type Rule } from "./rule.ts";

/** An assigned agent is sent to work, from the head of the default branch or where the interrupted run began. R3: never on a text nobody approved. */
export const work: Rule = (scene) => {
  const { issue, seen } = scene;
  const { assignment, approval } = issue;
  if (!assignment || !approval || stateOf(issue) !== "assigned" || runOf(issue, assignment.runId)) return nothing;
  const last = issue.runs.findLast(({ kind }) => kind !== "review");
  const kept = last?.kind === "implement" && last.attempt === assignment.attempt && resumable(issue, "implement", last.baseSha);
  return requestRun(scene, { kind: "implement", baseSha: kept ? last.baseSha : seen.defaultBranch.sha, findings: [] });
};
