import { nothing, type Verb, written } from "./verb.ts";

const where = { issue: "issue", pr: "pull request", both: "both" } as const;
const who = {
  read: "read",
  write: "write",
  maintain: "maintain",
  gate: "write; a gate counts it only of its owners",
  cto: "`RIG_CTO`, with maintain",
} as const;

/** The table of all commands, as people and the documentation read it. */
export const commandTable = (verbs: readonly Verb[]): string =>
  [
    "| Command | Where | Who | What it does |",
    "| --- | --- | --- | --- |",
    ...verbs.map(
      (verb) => `| \`${written(verb).replaceAll("|", "\\|")}\` | ${where[verb.where]} | ${who[verb.who]} | ${verb.description} |`,
    ),
  ].join("\n");

export const help = (all: () => readonly Verb[]): Verb => ({
  name: "help",
  description: "Shows this table.",
  where: "both",
  onPeoples: true,
  who: "read",
  takes: nothing,
  speak: () => ({ events: [], reply: commandTable(all()) }),
});
