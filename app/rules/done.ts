import { environments } from "../domain/release-checks.ts";
import { nothing, type Rule, say } from "./rule.ts";

/** Done is verified in the last environment, or merged where nothing is deployed. */
export const done: Rule = ({ issue, policy, now }) => {
  if (!issue.merged || issue.doneAt || !issue.approval) return nothing;
  if (!issue.verifiedAt && environments(policy).length > 0) return nothing;
  return say({
    type: "ISSUE_DONE",
    data: {
      durationMinutes: Math.round((now.getTime() - issue.approval.at.getTime()) / 600) / 100,
      attempts: issue.attempts,
      usd: issue.usd,
      humanWaitMinutes: Math.round(issue.humanWaitMinutes * 100) / 100,
    },
  });
};
