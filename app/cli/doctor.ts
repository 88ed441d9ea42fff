import { readConfig } from "../config.ts";
import { type Check, isFinding } from "./doctor/check.ts";
import { rulesetFor } from "./doctor/ruleset.ts";
import { count, plain } from "./text.ts";
import { Usage, type Verb } from "./verb.ts";

/** What talks to GitHub takes longer to load than all other verbs to answer. */
const look = async (only: string | undefined) => (await import("./doctor/look.ts")).look(only);

export const doctor: Verb = {
  name: "doctor",
  says: "What the Rig lacks to do its work: its environment, its Apps, Discord, and each repository's rules, with the way out of each finding.",
  words: [],
  options: [
    ["--repo <owner/name>", "only this repository; every one the App is installed on unless told"],
    ["--ruleset", "print nothing but the ruleset that locks a default branch, as GitHub imports it"],
  ],
  finding: "something is to be done",
  needs: "environment of the app",
  run: async ({ options, say }) => {
    if (options.ruleset) {
      const ruleset = rulesetFor(readConfig().app.id);
      say({ json: ruleset, lines: [JSON.stringify(ruleset, null, 2)] });
      return false;
    }
    const only = typeof options.repo === "string" ? options.repo : undefined;
    if (only && !/^[\w.-]+\/[\w.-]+$/.test(only)) throw new Usage(`--repo ${plain(only)} is no repository: write it as owner/name.`);
    const { checks, unlocked, ruleset } = await look(only);
    const findings = checks.filter(isFinding).length;
    say({
      json: { findings, checks, unlocked, ruleset: ruleset ?? null },
      lines: [
        ...checks.flatMap(linesOf),
        "",
        summaryOf(findings),
        ...(ruleset ? ["", `The ruleset that locks the default branch of ${unlocked.join(", ")}:`, JSON.stringify(ruleset, null, 2)] : []),
      ],
    });
    return findings > 0;
  },
};

const linesOf = ({ repository, name, verdict, says, wayOut }: Check): readonly string[] => [
  `${verdict.padEnd(8)} ${plain(`${repository ? `${repository} ` : ""}${name}: ${says}`)}`,
  ...(wayOut ? [`         → ${plain(wayOut)}`] : []),
];

/** One line for the end. */
const summaryOf = (findings: number): string =>
  findings === 0 ? "Nothing is to be done." : `${count(findings, "finding")}: each says what to do.`;
