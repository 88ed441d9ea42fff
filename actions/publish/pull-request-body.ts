/** What a pull request says of itself. People may edit all of it: later runs only add a line to the list between the marks. */
import { fence } from "../../agents/runtime/fence.ts";
import { neutralLine } from "../../agents/runtime/neutral.ts";
import type { RunOutcome } from "../../agents/runtime/outcome.ts";
import type { PublishGrant } from "../../agents/runtime/task.ts";
import { runMarker, unmarked } from "./marker.ts";

const BEGIN = "<!-- rig:runs -->";
const END = "<!-- /rig:runs -->";
const MOST_WORDS = 10_000;
const MOST_LESSON = 300;

/** What, why, how it was tested. The agent's words stand in blocks they cannot leave. */
export function pullRequestBody({ issue }: PublishGrant, outcome: RunOutcome, runUrl: string): string {
  const { summary, why, tested: said, testsExitCode } = outcome;
  return [
    `Closes #${issue.number}`,
    "The text in blocks is the agent's own.",
    `### What\n\n${quoted(summary)}`,
    ...(why === undefined ? [] : [`### Why\n\n${quoted(why)}`]),
    `### How it was tested\n\n${measured(testsExitCode)}${said === undefined ? "" : `\n\n${quoted(said)}`}`,
    `### Runs\n\n${BEGIN}\n${lineOf(outcome, runUrl)}\n${END}`,
  ].join("\n\n");
}

/** The body with a line of this run; undefined where it stands there already, or somebody took the list away. */
export function withRun(body: string, outcome: RunOutcome, runUrl: string): string | undefined {
  const end = body.lastIndexOf(END);
  if (end < 0 || body.lastIndexOf(BEGIN, end) < 0 || body.includes(runMarker(outcome.runId))) return undefined;
  const grown = `${body.slice(0, end).trimEnd()}\n${lineOf(outcome, runUrl)}\n${body.slice(end)}`;
  return grown.length > 60_000 ? undefined : grown;
}

function lineOf({ runId, title, testsExitCode, usage, lessons }: RunOutcome, runUrl: string): string {
  const cost = `${usage.turns} turns, ${usage.minutes} minutes, $${usage.usd.toFixed(2)}`;
  const line = `- ${runMarker(runId)} [Run](${runUrl}): ${inLine(title) || "`Work`"} · ${shortly(testsExitCode)} · ${cost}`;
  // Who merges this lets them in: so they are read here first.
  const noted = lessons.map(({ text }) => `  - Once this is merged, later runs here are told: ${inLine(text, MOST_LESSON)}`);
  return [line, ...noted].join("\n");
}

/** A stranger's words inside a line. */
function inLine(text: string, most?: number): string {
  const line = neutralLine(text, most).replaceAll("`", "'");
  return line === "" ? "" : `\`${line}\``;
}

const quoted = (text: string): string => fence(unmarked(text.slice(0, MOST_WORDS)));

const shortly = (exitCode: number | undefined): string =>
  exitCode === undefined ? "no test command" : exitCode === 0 ? "tests passed" : `tests **failed** (exit code ${exitCode})`;

function measured(exitCode: number | undefined): string {
  if (exitCode === undefined) return "The repository configures no test command, so the Rig ran none.";
  if (exitCode === 0) return "The Rig ran the project's test command on this change after the agent was done: it passed.";
  return `The Rig ran the project's test command on this change after the agent was done: it **failed** with exit code ${exitCode}.`;
}
