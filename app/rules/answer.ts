import { liveRun } from "../domain/state.ts";
import { requestRun } from "./request-run.ts";
import { nothing, type Rule } from "./rule.ts";

/** A person's answer goes to the agent that asked, which takes up its work again. */
export const answer: Rule = (scene) => {
  const { issue } = scene;
  const last = issue.runs.at(-1);
  if (!issue.answer || !issue.assignment || issue.waiting || liveRun(issue) || !last?.question || last.fenced) return nothing;
  const { by, text } = issue.answer;
  return requestRun(scene, { kind: last.kind, baseSha: last.baseSha, findings: [{ by, text }] });
};
