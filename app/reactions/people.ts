import type { Command, DiscordMessage } from "../domain/commands.ts";
import { choices, escalationText } from "../domain/escalation-text.ts";
import { fenced } from "../domain/escape.ts";
import type { BudgetUnit } from "../domain/events.ts";
import { askedAbout } from "../domain/incident.ts";
import type { Policy } from "../domain/policy.ts";
import { matterOf, RIG } from "../domain/state.ts";
import type { Context, Reaction } from "./reaction.ts";

const AMBER = 0xd9822b;
const RED = 0xc23030;

export interface Request extends Pick<DiscordMessage, "title" | "description" | "fields"> {
  /** The matter, such as `gate:schema`: the newest message about it takes the place of the one before. */
  readonly about: string;
  /** GitHub logins of the people who have to act. */
  readonly ask: readonly string[];
  readonly urgent?: boolean;
}

/** A message in #admin that calls the people it asks and replaces the one before about the same matter. */
export function admin(context: Context, { about, ask, urgent = false, title, description, fields }: Request): readonly Command[] {
  const { subject, after, policy, notices } = context;
  // Of a round nobody has to decide anything.
  if (after.round) return [];
  const before = notices.findLast((notice) => notice.about === about);
  const message: DiscordMessage = {
    title: `${subject.stream}: ${title}`,
    ...(after.pullRequest?.url ? { url: after.pullRequest.url } : {}),
    color: urgent ? RED : AMBER,
    description,
    fields: fields.filter(({ value }) => value !== ""),
    mentions: [...mentionsOf(policy, ask)],
  };
  return [{ kind: "NOTIFY", data: { channel: "admin", message, about, ...(before ? { replaces: before.key } : {}) } }];
}

/** Discord's ids of people, as the repository's `notify` tells them by GitHub login; whoever it does not name is not called. */
export function mentionsOf({ notify }: Pick<Policy, "notify">, logins: readonly string[]): readonly string[] {
  const known = new Map(Object.entries(notify).map(([login, ids]) => [bare(login), ids]));
  const ids = logins.flatMap((login) => (known.get(bare(login)) ?? "").split(/[\s,]+/)).filter((id) => /^\d{15,21}$/.test(id));
  return [...new Set(ids)];
}

const bare = (login: string): string => login.replace(/^@/, "").toLowerCase();

export const escalateInDiscord: Reaction<"ESCALATED"> = (_, context) => askToDecide(context, "a person has to decide");

export const remindInDiscord: Reaction<"ESCALATION_REMINDED"> = ({ waitedMinutes }, context) =>
  askToDecide(context, `nobody has acknowledged for ${waitedMinutes} minutes that a person has to decide`);

function askToDecide(context: Context, title: string): readonly Command[] {
  const { escalation } = context.after;
  if (!escalation) return [];
  const ask = escalation.level === "everyone" ? ["everyone", ...context.cto] : context.cto;
  return admin(context, {
    about: matterOf(escalation),
    ask,
    urgent: true,
    title,
    description: escalationText(escalation),
    fields: [
      { name: "Choices", value: choices(escalation.options).join("\n").replaceAll("`", "") },
      { name: "Who is asked", value: ask.join(", ") || "Nobody: RIG_CTO names nobody" },
    ],
  });
}

/** Whoever handed the issue over knows what it means. An edited comment reaches nobody, so the question is a comment of its own, too. */
export const askForAnswer: Reaction<"QUESTION_ASKED"> = ({ text, by }, context) => {
  const { after, subject, cto } = context;
  const who = after.approval ? askedAbout(after.approval, cto) : [];
  const asks = by === RIG ? "Before an agent begins, the Rig asks" : `${by} asks`;
  const body = [
    `${who.map((login) => `@${login} `).join("")}${asks}:`,
    fenced(text),
    "A person with write permission answers with `/rig answer <text>`, here or on the pull request; another comment is no answer.",
    ...(by === RIG
      ? ["Or write it into the issue and approve that: take the label off and put it on again. The same text is not asked about twice."]
      : []),
  ].join("\n\n");
  return [
    ...admin(context, {
      about: "question",
      ask: who,
      title: by === RIG ? "the issue does not say enough to begin" : `${by} asks a question`,
      description: text,
      fields: questionFields(who),
    }),
    { kind: "COMMENT", data: { number: subject.number, body } },
  ];
};

/** It says everything that the request said: by then it stands alone. After as long as a gate waits for its owners, the CTO is called too. */
export const remindOfQuestion: Reaction<"QUESTION_REMINDED"> = ({ waitedMinutes }, context) => {
  const { waiting, approval } = context.after;
  if (waiting?.for !== "answer") return [];
  const long = waitedMinutes * 60_000 >= context.policy.gateReminders.escalateAfter;
  const ask = [...new Set([...(approval ? askedAbout(approval, context.cto) : []), ...(long ? context.cto : [])])];
  return admin(context, {
    about: "question",
    ask,
    title: `a question has waited ${waitedMinutes} minutes for its answer`,
    description: waiting.reason,
    fields: questionFields(ask),
  });
};

const questionFields = (ask: readonly string[]) => [
  { name: "Who is asked", value: ask.join(", ") },
  { name: "How to answer", value: "Comment on the issue: /rig answer, and the text." },
];

/** Nobody has to act yet, so nobody is called. */
export const warnOfBudget: Reaction<"BUDGET_WARNED"> = ({ scope, unit, limit, spent }, context) =>
  admin(context, {
    about: `budget:${scope}`,
    ask: [],
    title: `the budget of the ${scope} is nearly spent`,
    description: `${amount(unit, spent)} of ${amount(unit, limit)} are spent. More can be granted with /rig budget, and dollars in all.`,
    fields: [],
  });

const amount = (unit: BudgetUnit, count: number): string => (unit === "usd" ? `$${count.toFixed(2)}` : `${count} ${unit}`);

export const askForBudget: Reaction<"BUDGET_EXCEEDED"> = ({ scope, unit, limit, spent }, context) => {
  return admin(context, {
    about: `budget:${scope}`,
    ask: context.cto,
    title: `the budget of the ${scope} is spent`,
    description: `${amount(unit, spent)} of ${amount(unit, limit)} are spent, and nothing more is.`,
    fields: [
      { name: "Who is asked", value: context.cto.join(", ") || "Nobody: RIG_CTO names nobody" },
      {
        name: "How to go on",
        value: scope === "day" ? "It goes on tomorrow (UTC)." : "Comment on the issue: /rig budget, and dollars in all.",
      },
    ],
  });
};
