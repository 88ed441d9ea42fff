import type { CliConfig } from "../config.ts";

/** What is asked cannot be asked so: exit 2. */
export class Usage extends Error {}

/** The app, its database or GitHub did not answer, or not as they should: exit 3. The message names it and says what to do. */
export class Unreachable extends Error {}

/** One answer, as programs and as people read it. */
export interface Answer {
  readonly json: unknown;
  readonly lines: readonly string[];
}

export interface Asked {
  readonly config: CliConfig;
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  /** Says something at once; `--json` makes a line of it. */
  readonly say: (answer: Answer) => void;
}

/** One thing that can be asked. The table of them makes the program, its help and docs/cli.md. */
export interface Verb {
  /** `deliveries redeliver`: the words that name it. */
  readonly name: string;
  readonly says: string;
  /** As commander writes them, `<one>` and `[many...]`, with what they mean. */
  readonly words: readonly (readonly [syntax: string, says: string])[];
  readonly options: readonly (readonly [flags: string, says: string])[];
  /** What exit 1 means; undefined: it never ends so. */
  readonly finding?: string;
  /** What it talks to. What needs nothing does not look at the environment either. */
  readonly needs: "app" | "database" | "database, and GitHub for what is not there" | "environment of the app" | "nothing";
  /** Answers whether there is a finding. */
  readonly run: (asked: Asked) => Promise<boolean>;
}

/** A run's id as a person typed it. */
export function requireRun(word = ""): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(word))
    throw new Usage(
      `${word.slice(0, 60)} is not a run's id: it is a UUID, and \`rig events <owner/repo#number>\` names those of an issue.`,
    );
  return word.toLowerCase();
}
