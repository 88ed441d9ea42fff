import { resumable, runOf, stateOf } from "../domain/state.ts";
import { requestRun } from "./request-run.ts";
import { lookAgain, nothing, type Rule } from "./rule.ts";
import { evidenceOf } from "./smoke-failure.ts";

const OPENED_WITHIN_MS = 30_000;

/** An assigned agent is sent to work, from the head of the default branch or where the interrupted run began. R3: never on a text nobody approved. */
export const work: Rule = (scene) => {
  const { issue, seen, now } = scene;
  const { assignment, approval, broken } = issue;
  if (!assignment || !approval || stateOf(issue) !== "assigned" || runOf(issue, assignment.runId)) return nothing;
  // Until the Rig has opened again what the merge closed, nobody begins.
  if (!seen.issue.open) return lookAgain(now, OPENED_WITHIN_MS);
  // What was taken back is to be brought again; what is merged and broken is mended where it is.
  const kind = broken && broken.takenBackBy === undefined ? "fix-smoke" : "implement";
  const last = issue.runs.findLast((run) => run.kind !== "review");
  const kept = last?.kind === kind && last.attempt === assignment.attempt && resumable(issue, kind, last.baseSha);
  const findings = broken ? evidenceOf(broken) : [];
  return requestRun(scene, { kind, baseSha: kept ? last.baseSha : seen.defaultBranch.sha, findings });
};
