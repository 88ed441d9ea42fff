import { inMarkdown } from "../domain/escape.ts";
import type { Issue } from "../domain/issue.ts";
import type { Policy } from "../domain/policy.ts";
import { stateOf } from "../domain/state.ts";
import { nothing, type Verb } from "./verb.ts";

export const status: Verb = {
  name: "status",
  description: "Says where the issue stands.",
  where: "both",
  onPeoples: true,
  who: "read",
  takes: nothing,
  speak: (_, { issue, policy, why }) => ({
    events: [],
    reply: [`**${stateOf(issue).replace("_", " ")}** — ${inMarkdown(why)}`, ...(issue.watched ? [] : table(issue, policy))].join("\n"),
  }),
};

const table = (issue: Issue, policy: Policy): readonly string[] => [
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
];
