import { liveRun } from "../domain/state.ts";
import { bounded, requestRun } from "./request-run.ts";
import { nothing, type Rule } from "./rule.ts";

/** An agent may ask so often about one issue; then a person decides how it goes on. */
const MOST_QUESTIONS = 3;

/** A person's answer goes to the agent that asked, which takes up its work again. Who only asks is stopped. */
export const answer: Rule = (scene) => {
  const { issue } = scene;
  if (issue.waiting?.for === "answer") {
    if (issue.questions <= MOST_QUESTIONS + issue.grants || liveRun(issue)) return nothing;
    return bounded(issue, `An agent has asked ${MOST_QUESTIONS} questions about this issue, and asks another: ${issue.waiting.reason}`);
  }
  const last = issue.runs.findLast(({ kind }) => kind !== "review");
  if (!issue.answer || !issue.assignment || issue.waiting || liveRun(issue) || last?.question === undefined || last.fenced) return nothing;
  return requestRun(scene, { kind: last.kind, baseSha: last.baseSha, findings: last.findings ?? [] });
};
