import type { Command } from "../domain/commands.ts";
import { choices, escalationText } from "../domain/escalation-text.ts";
import { inMarkdown } from "../domain/escape.ts";
import type { Issue } from "../domain/issue.ts";
import { matterOf } from "../domain/state.ts";
import { escalateInDiscord, remindInDiscord } from "./people.ts";
import type { Context, Reaction } from "./reaction.ts";

/** An edited comment reaches nobody: an escalation is a comment of its own, and a message in Discord. */
export const escalate: Reaction<"ESCALATED"> = (data, context) => [...escalateInDiscord(data, context), ...commentOn(context)];

/** The next message takes the place of the one before; on GitHub the first one stands. */
export const remindOfEscalation: Reaction<"ESCALATION_REMINDED"> = (data, context) => remindInDiscord(data, context);

function commentOn({ after, subject, policy, cto }: Context): readonly Command[] {
  const { escalation } = after;
  if (!escalation) return [];
  const number = placeOf(after) ?? subject.number;
  const named = Object.keys(policy.notify).filter((login) => login !== "everyone");
  const asked = escalation.level === "everyone" ? [...new Set([...cto, ...named])] : cto;
  const people = asked.length > 0 ? `${asked.map((login) => `@${login}`).join(" ")} ` : "";
  const lines = choices(escalation.options).map((choice) => `- ${choice}`);
  const body = [
    `${people}${inMarkdown(escalationText(escalation))}`,
    lines.join("\n"),
    "`/rig ack` says that you have seen it; until somebody does, it is repeated.",
  ].join("\n\n");
  return [{ kind: "COMMENT", data: { number, body, about: matterOf(escalation) } }];
}

/** What a gate or a review is about is decided on the pull request. */
const placeOf = ({ escalation, pullRequest }: Issue) =>
  escalation?.about === "gate" || escalation?.about === "review" ? pullRequest?.number : undefined;
