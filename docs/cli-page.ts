/** docs/cli.md: the commands a person types, from their own table. */
import { verbs } from "../app/cli/index.ts";
import { exits } from "../app/cli/program.ts";
import type { Verb } from "../app/cli/verb.ts";

const cell = (text: string): string => text.replaceAll("|", "\\|");
const line = ({ name, words, options }: Verb): string =>
  ["npx rig", name, ...words.map(([syntax]) => syntax), ...options.map(([flags]) => `[${flags}]`)].join(" ");

const section = (verb: Verb): readonly string[] => [
  `## ${verb.name}`,
  "",
  "```sh",
  line(verb),
  "```",
  "",
  `${verb.says} Needs ${verb.needs === "nothing" ? "no app, no database and no credentials" : `the ${verb.needs}`}.`,
  "",
  ...[...verb.words, ...verb.options].map(([syntax, says]) => `- \`${syntax}\`: ${says}`),
  `- Exit 1: ${verb.finding ?? "never"}.`,
  "",
];

export const cliPage = (): string =>
  [
    "# The command line",
    "",
    "`npx rig <verb>` in a checkout after `npm install`. Verbs that need the app ask its API; others work on its database, whether or not the app runs; and some need neither. This page is made from `app/cli` by `npm run docs`.",
    "",
    "Every verb has `--json`: the answer on one line, with everything the API gives. What people read is a sentence or a table, without colours and without control characters, and all times are UTC.",
    "",
    "| Exit | Means |",
    "| --- | --- |",
    ...Object.entries(exits).map(([code, says]) => `| ${code} | ${cell(says)} |`),
    "",
    "| Variable | Default | Means |",
    "| --- | --- | --- |",
    "| `RIG_URL` | `http://127.0.0.1:$PORT` | where the app is; `PORT` is 3000 unless set |",
    "| `RIG_TOKEN`, or `RIG_TOKEN_FILE` | — | a token whose SHA-256 is in the app's `RIG_API_TOKENS`; on the app's own machine none is needed |",
    "| `DATABASE_URL`, or `DATABASE_URL_FILE` | the embedded Postgres in `.rig/pg` | the app's database |",
    "| `APP_ID`, `PRIVATE_KEY`, `WEBHOOK_SECRET`, `GITHUB_API_URL` | as for the app | only where GitHub has to be asked for a delivery |",
    "",
    ...verbs.flatMap(section),
  ].join("\n");
