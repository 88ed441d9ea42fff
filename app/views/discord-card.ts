import type { Rendering } from "../domain/commands.ts";
import { cut } from "../domain/escape.ts";
import type { Issue } from "../domain/issue.ts";
import { type IssueState, stateOf } from "../domain/state.ts";
import { ago, asked, needs } from "./people-needed.ts";
import type { Picture } from "./picture.ts";

const colors: { readonly [S in IssueState]: number } = {
  new: 0x8a9ba8,
  queued: 0x8a9ba8,
  assigned: 0x137cbd,
  in_progress: 0x137cbd,
  in_review: 0x634dbf,
  waiting: 0xd9822b,
  deploying: 0x00998c,
  held: 0xd9822b,
  failed: 0xc23030,
  done: 0x0f9960,
};

const MOST_NEED = 200;

/** One card an issue, edited in place. */
export function discordCard({ subject, issue, policy, why, cto, publicUrl }: Picture): Rendering | undefined {
  const state = stateOf(issue);
  if (issue.watched || (state === "new" && issue.runs.length === 0)) return undefined;
  const field = (name: string, value: string | undefined) => (value ? [{ name, value, inline: true }] : []);
  return {
    surface: "discord-card",
    message: {
      title: `${subject.stream} ${issue.approval?.title ?? ""}`.trim(),
      url: `${publicUrl}/issues/${subject.owner}/${subject.repo}/${subject.number}`,
      color: colors[state],
      description: why,
      fields: [
        ...field("State", state.replace("_", " ")),
        ...field("Priority", issue.priority),
        ...field("Agent", issue.assignment && `${issue.assignment.agentId}, attempt ${issue.assignment.attempt}`),
        ...(issue.pullRequest
          ? field("Pull request", pullRequestUrl(subject, issue.pullRequest))
          : field("Branch", (issue.assignment ?? issue.setAside)?.branch)),
        ...field("Budget", `$${issue.usd.toFixed(2)} of $${issue.budget?.usd ?? policy.limits.usdPerIssue}`),
        ...needs(issue, cto).map((need) => ({
          name: need.acknowledgedBy ? "Waits for a decision" : `Waits for ${asked(need)}`,
          value: `${cut(need.what, MOST_NEED)} · since ${ago(need.since)}${need.acknowledgedBy ? ` · ${asked(need)}` : ""}`,
        })),
      ],
      mentions: [],
    },
  };
}

/** By the repository's present name: the one it had when the pull request was opened may be another's by now. */
function pullRequestUrl({ owner, repo }: Picture["subject"], { url, number }: NonNullable<Issue["pullRequest"]>): string {
  return URL.canParse(url) ? `${new URL(url).origin}/${owner}/${repo}/pull/${number}` : `#${number}`;
}
