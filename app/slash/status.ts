import { inMarkdown } from "../domain/escape.ts";
import { stateOf } from "../domain/issue.ts";
import { nothing, type Verb } from "./verb.ts";

export const status: Verb = {
  name: "status",
  description: "Says where the issue stands.",
  where: "both",
  who: "read",
  takes: nothing,
  speak: (_, { issue, policy, why }) => ({
    events: [],
    reply: [
      `**${stateOf(issue).replace("_", " ")}** — ${inMarkdown(why)}`,
      "",
      "| Agent | Attempt | Strikes | Priority | Pull request | Budget |",
      "| --- | --- | --- | --- | --- | --- |",
      `| ${[
        issue.assignment?.agentId ?? "none",
        issue.attempts,
        `${issue.strikes} of ${policy.strikes + issue.grants}`,
        issue.priority,
        issue.pullRequest ? `#${issue.pullRequest.number}` : "none",
        `$${issue.usd.toFixed(2)} of $${issue.budget?.usd ?? policy.limits.usdPerIssue}`,
      ].join(" | ")} |`,
    ].join("\n"),
  }),
};
