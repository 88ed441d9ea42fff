import { runOf, stateOf } from "../domain/issue.ts";
import { nothing, type Rule, say } from "./rule.ts";

/** An assigned agent is sent to work, from the head of the default branch. R3: never on a text nobody approved. */
export const work: Rule = ({ issue, seen }) => {
  const { assignment, approval } = issue;
  if (!assignment || !approval || stateOf(issue) !== "assigned" || runOf(issue, assignment.runId)) return nothing;
  return say({
    type: "RUN_REQUESTED",
    data: {
      runId: assignment.runId,
      agent: "dev-e",
      agentId: assignment.agentId,
      kind: "implement",
      attempt: assignment.attempt,
      branch: assignment.branch,
      baseSha: seen.defaultBranch.sha,
      findings: [],
    },
  });
};
