import type { Command, DiscordMessage } from "../domain/commands.ts";
import { gateNamed } from "../gates/index.ts";
import type { Context, Reaction } from "./reaction.ts";

const AMBER = 0xd9822b;
const RED = 0xc23030;

const toAdmin = (message: Omit<DiscordMessage, "mentions">): readonly Command[] => [
  { kind: "NOTIFY", data: { channel: "admin", message: { ...message, mentions: [] } } },
];

const prUrl = ({ after }: Context): { readonly url?: string } => (after.pullRequest?.url ? { url: after.pullRequest.url } : {});

export const askForApproval: Reaction<"HUMAN_GATE_TRIGGERED"> = ({ prNumber, headSha, gate, evidence, approvers }, context) =>
  toAdmin({
    title: `${context.subject.stream}: the ${gate} gate needs a person`,
    ...prUrl(context),
    color: AMBER,
    description: `${gateNamed(gate)?.why ?? ""} Review pull request #${prNumber} and approve ${headSha.slice(0, 7)}.`.trim(),
    fields: [
      {
        name: "Why",
        value: evidence
          .slice(0, 5)
          .map(({ path, because }) => `${path}: ${because}`)
          .join("\n"),
      },
      { name: "Who may approve", value: approvers.join(", ") || "Nobody: CODEOWNERS names no owner for it" },
    ],
  });

export const remind: Reaction<"HUMAN_GATE_REMINDER"> = ({ prNumber, gate, waitedMinutes }, context) =>
  toAdmin({
    title: `${context.subject.stream}: the ${gate} gate of #${prNumber} still waits`,
    ...prUrl(context),
    color: AMBER,
    description: `It has waited ${waitedMinutes} minutes.`,
    fields: [],
  });

export const escalate: Reaction<"ESCALATED"> = ({ reason, options }, context) =>
  toAdmin({
    title: `${context.subject.stream}: a person has to decide`,
    ...prUrl(context),
    color: RED,
    description: reason,
    fields: [{ name: "Choices", value: options.join(", ") }],
  });
