import { inMarkdown } from "../domain/escape.ts";
import { nameOf } from "../domain/probe-name.ts";
import { admin } from "./people.ts";
import type { Reaction } from "./reaction.ts";

const MOST_FIELDS = 5;

/** What is mended forward is open again: the merge that failed had closed it. Where a person has to decide, the escalation tells them. */
export const mendForward: Reaction<"SMOKE_FAILED"> = ({ environment, sha, failed, retry, maxRetries, because = "" }, context) => {
  const { before, after, subject } = context;
  if (!before.merged || after.merged) return [];
  return [
    { kind: "REOPEN_ISSUE", data: { number: subject.number } },
    ...admin(context, {
      about: "smoke",
      ask: [],
      title: `${environment} failed with ${sha.slice(0, 7)}`,
      description: `It is mended forward, ${retry} of ${maxRetries}. ${because}`,
      fields: failed.slice(0, MOST_FIELDS).map((probe) => ({ name: nameOf(probe), value: probe.detail })),
    }),
  ];
};

/** Whose fix it waits for is told where people look for it. */
export const waitForAnother: Reaction<"DEPLOY_BLOCKED"> = ({ environment, by, failingSha }, { subject }) => [
  {
    kind: "COMMENT",
    data: {
      number: subject.number,
      body: `The first merge that fails on ${environment} is ${failingSha.slice(0, 7)} of ${inMarkdown(by)}: this one waits for its fix, and then goes on by itself.`,
    },
  },
];
