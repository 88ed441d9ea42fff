import type { Rendering } from "../domain/commands.ts";
import { type IssueState, stateOf } from "../domain/issue.ts";
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

/** One card an issue, edited in place. */
export function discordCard({ subject, issue, why, publicUrl }: Picture): Rendering | undefined {
  const state = stateOf(issue);
  if (state === "new" && issue.runs.length === 0) return undefined;
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
        ...field("Agent", issue.assignment?.agentId),
        ...field("Pull request", issue.pullRequest ? `#${issue.pullRequest.number}` : undefined),
      ],
      mentions: [],
    },
  };
}
