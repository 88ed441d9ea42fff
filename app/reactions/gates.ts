/** People are asked to open a gate, and asked again. */
import type { Command } from "../domain/commands.ts";
import { inMarkdown } from "../domain/escape.ts";
import type { EventData } from "../domain/events.ts";
import type { Gate } from "../domain/issue-parts.ts";
import { gatesUnder } from "../gates/index.ts";
import { admin } from "./people.ts";
import type { Reaction } from "./reaction.ts";

/** In Discord at every head; on the pull request where somebody is asked for the first time, or asked again after they had approved. */
export const askForApproval: Reaction<"HUMAN_GATE_TRIGGERED"> = (raised, context) => {
  const { prNumber, headSha, gate, evidence, approvers, sameAs } = raised;
  const why = gatesUnder(context.policy.gates).find(({ name }) => name === gate)?.why ?? "";
  const same = sameAs
    ? ` What raises it is the same as in ${sameAs.headSha.slice(0, 7)}${sameAs.approvedBy ? `, which ${sameAs.approvedBy} approved` : ""}.`
    : "";
  const before = context.before.voided[gate];
  const comment: readonly Command[] =
    context.policy.mode === "active" && (!before || before.approvedBy)
      ? [{ kind: "COMMENT", data: { number: prNumber, body: request(raised, `${why}${same}`) } }]
      : [];
  return [
    ...admin(context, {
      about: `gate:${gate}`,
      ask: approvers,
      title: `the ${gate} gate needs a person`,
      description: `${why}${same} Review pull request #${prNumber} and approve ${headSha.slice(0, 7)}.`.trim(),
      fields: gateFields({ evidence, approvers }),
    }),
    ...comment,
  ];
};

const MOST_REASONS = 5;

function request(
  { headSha, gate, evidence, evidenceCount = evidence.length, approvers }: EventData<"HUMAN_GATE_TRIGGERED">,
  why: string,
): string {
  const who = approvers.length > 0 ? approvers.map((owner) => (MENTION.test(owner) ? owner : inMarkdown(owner))).join(" or ") : "a person";
  const more = evidenceCount > MOST_REASONS ? [`- and ${evidenceCount - MOST_REASONS} more`] : [];
  return [
    `**The ${inMarkdown(gate)} gate needs ${who}.** ${inMarkdown(why)}`,
    "",
    ...evidence
      .slice(0, MOST_REASONS)
      .map(({ path, line, because }) => `- ${inMarkdown(path)}${line ? `:${line}` : ""}: ${inMarkdown(because)}`),
    ...more,
    "",
    `An approving review of ${headSha.slice(0, 7)} opens it, or \`/rig approve ${headSha.slice(0, 7)}\`; \`/rig reject <reason>\` sends it back. \`/rig explain ${gate}\` says more.`,
  ].join("\n");
}

/** An owner as CODEOWNERS writes them: GitHub calls them by it. */
const MENTION = /^@[\w.-]+(\/[\w.-]+)?$/;

/** It says everything that the request said: by then it stands alone. */
export const remind: Reaction<"HUMAN_GATE_REMINDER"> = ({ prNumber, gate, waitedMinutes }, context) => {
  const waiting = context.after.gates.find(({ name }) => name === gate);
  return admin(context, {
    about: `gate:${gate}`,
    ask: waiting?.approvers ?? [],
    title: `the ${gate} gate of #${prNumber} still waits`,
    description: `It has waited ${waitedMinutes} minutes. Review pull request #${prNumber} and approve ${waiting?.headSha.slice(0, 7) ?? "its head"}.`,
    fields: waiting ? gateFields(waiting) : [],
  });
};

const gateFields = ({ evidence, approvers }: Pick<Gate, "evidence" | "approvers">) => [
  {
    name: "Why",
    value: evidence
      .slice(0, 5)
      .map(({ path, line, because }) => `${path}${line ? `:${line}` : ""}: ${because}`)
      .join("\n"),
  },
  { name: "Who may approve", value: approvers.join(", ") || "Nobody: CODEOWNERS names no owner for it" },
];
