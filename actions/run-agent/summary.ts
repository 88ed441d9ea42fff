/** What a person sees of a run on the page of its workflow run. The agent's words stand in blocks they cannot leave (R21). */
import { fence } from "../../agents/runtime/fence.ts";
import { neutralLine } from "../../agents/runtime/neutral.ts";
import type { RunOutcome } from "../../agents/runtime/outcome.ts";
import type { Task } from "../../agents/runtime/task.ts";

/** A line of the run's transcript, as far as it is told here. */
export interface SummaryNote {
  readonly type: string;
  readonly kind?: unknown;
  readonly network?: unknown;
  readonly rule?: unknown;
  readonly detail?: unknown;
  readonly text?: unknown;
}

const MOST_WORDS = 10_000;
const MOST_BLOCKED = 20;

/** Markdown. */
export function jobSummary(task: Task, outcome: RunOutcome, notes: readonly SummaryNote[]): string {
  const { usage } = outcome;
  const cells = [
    outcome.verdict ? `${outcome.outcome}: ${outcome.verdict.replace("_", " ")}` : outcome.outcome,
    tested(outcome.testsExitCode),
    String(usage.turns),
    String(usage.minutes),
    `$${usage.usd.toFixed(2)}`,
    cached(usage.tokens),
    sandboxOf(notes),
  ];
  return [
    `### ${task.character.name} on ${subjectOf(task)} (${task.kind}, attempt ${task.attempt})`,
    `| outcome | tests | turns | minutes | cost | from the cache | sandbox |\n|---|---|---|---|---|---|---|\n| ${cells.join(" | ")} |`,
    ...section("What was stopped", blocked(notes)),
    ...section("What was missing", words(notes, "servers")),
    ...said("In the agent's own words", [outcome.summary, outcome.why, outcome.tested].filter((text) => text !== undefined).join("\n\n")),
    ...said("What it answers", outcome.answers.map(({ finding, did, why }) => `${finding}: ${did}: ${why}`).join("\n")),
    ...said(
      "What it found",
      outcome.findings
        .map(({ path, line, severity, text }) => `${severity}: ${path}${line === undefined ? "" : `:${line}`}: ${text}`)
        .join("\n"),
    ),
    ...said(
      "What it would like to remember",
      outcome.lessons.map(({ kind, text, evidence }) => `${kind}: ${text} (${evidence})`).join("\n"),
    ),
    ...said("What it takes for the cause", diagnosed(outcome)),
    ...said("What it proposes", (outcome.proposals ?? []).map(proposed).join("\n\n")),
    `The transcript is in the artifact of this workflow run, and in \`npx rig logs ${task.runId}\`; \`npx rig audit ${task.runId}\` looks through it.`,
  ].join("\n\n");
}

/** An issue; or what a round is about, which may have none. */
const subjectOf = ({ issue: { number, title } }: Task): string => (number > 0 ? `#${number}` : neutralLine(title));

function diagnosed({ diagnosis }: RunOutcome): string {
  if (!diagnosis) return "";
  const { cause, confidence, evidence, suspect, next } = diagnosis;
  return [
    `${cause} (confidence: ${confidence})`,
    ...(suspect ? [`Suspect: ${suspect}`] : []),
    ...evidence.map((one) => `- ${one}`),
    `Next: ${next}`,
  ].join("\n");
}

const proposed = ({ kind, title, what, rationale, evidence, complexity }: NonNullable<RunOutcome["proposals"]>[number]): string =>
  [`${kind}, ${complexity}: ${title}`, what, rationale, ...evidence.map((one) => `- ${one}`)].join("\n");

const tested = (exitCode: number | undefined): string =>
  exitCode === undefined ? "not run" : exitCode === 0 ? "passed" : `failed (exit code ${exitCode})`;

function cached({ input, cacheRead, cacheWrite }: RunOutcome["usage"]["tokens"]): string {
  const all = input + cacheRead + cacheWrite;
  return all === 0 ? "none" : `${Math.round((100 * cacheRead) / all)} %`;
}

function sandboxOf(notes: readonly SummaryNote[]): string {
  const found = notes.findLast(({ type }) => type === "sandbox");
  return found ? neutralLine(`${found.kind}, network: ${found.network}`) : "never opened";
}

const blocked = (notes: readonly SummaryNote[]): readonly string[] =>
  notes
    .filter(({ type }) => type === "blocked")
    .map(({ rule, detail }) => `${neutralLine(String(rule))}: ${neutralLine(String(detail), 300)}`);

const words = (notes: readonly SummaryNote[], of: string): readonly string[] =>
  notes.filter(({ type }) => type === of).map(({ text }) => neutralLine(String(text), 300));

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0
    ? []
    : [
        `**${title}**\n\n${lines
          .slice(0, MOST_BLOCKED)
          .map((line) => `- ${line}`)
          .join("\n")}${lines.length > MOST_BLOCKED ? `\n- and ${lines.length - MOST_BLOCKED} more` : ""}`,
      ];

const said = (title: string, text: string): readonly string[] =>
  text.trim() === "" ? [] : [`**${title}**\n\n${fence(text.slice(0, MOST_WORDS))}`];
