import type { Annotation } from "../domain/commands.ts";
import { cut, inMarkdown } from "../domain/escape.ts";
import type { Evaluation, GateResult } from "../gates/evaluate.ts";
import type { Evidence } from "../gates/gate.ts";

/** GitHub takes that many remarks at a time. */
const MOST_ANNOTATIONS = 50;
const MOST_TITLE = 250;
const MOST_SHOWN = 50;

/** An evaluation as people read it in a check (R12c: never neutral or skipped, which branch protection counts as passing). */
export interface GatesReport {
  readonly conclusion: "success" | "action_required" | "failure";
  readonly title: string;
  /** A table: gate · state · why · who can approve. */
  readonly summary: string;
  /** The whole evaluation: every gate, every piece of evidence, every review and whether it counts. */
  readonly text: string;
  readonly annotations: readonly Annotation[];
}

const conclusions = { success: "success", waiting: "action_required", rejected: "action_required", blocked: "failure" } as const;

/** `why` is the sentence that every surface prints, where there is one. */
export const gatesReport = (evaluation: Evaluation, { why }: { readonly why?: string } = {}): GatesReport => ({
  conclusion: conclusions[evaluation.state],
  title: cut(titleOf(evaluation, why), MOST_TITLE),
  summary: [...evaluation.obstacles.map((obstacle) => `**${inMarkdown(obstacle)}**\n`), table(evaluation)].join("\n"),
  text: tree(evaluation),
  annotations: evaluation.raised
    .flatMap((result) => result.evidence.flatMap((evidence) => annotation(result, evidence)))
    .slice(0, MOST_ANNOTATIONS),
});

function titleOf({ state, obstacles, raised }: Evaluation, why: string | undefined): string {
  if (state === "blocked") return obstacles.join(" ");
  if (raised.length === 0) return `No gate is raised.${why ? ` ${why}` : ""}`;
  return raised.map(titleOfGate).join("; ");
}

function titleOfGate({ gate: { name }, judgement, approvers, solo }: GateResult): string {
  if (judgement.state === "approved")
    return `${name}: approved by ${judgement.by.join(" and ")}${solo ? ", who asked for it and is its only owner" : ""}`;
  if (judgement.state === "rejected") return `${name}: ${judgement.by} said no`;
  return `${name}: waits for ${approvers.join(" or ") || "a code owner"}`;
}

const stateOf = ({ judgement, obstacle }: GateResult): string =>
  obstacle ? "cannot be opened" : judgement.state === "waiting" ? "waits" : judgement.state;

const table = ({ asked, raised }: Evaluation): string =>
  [
    "| Gate | State | Why | Who can approve |",
    "| --- | --- | --- | --- |",
    ...asked.map(({ name }) => {
      const result = raised.find(({ gate }) => gate.name === name);
      if (!result) return `| ${inMarkdown(name)} | not raised | | |`;
      const reasons = result.evidence.slice(0, 3).map(placed).join("<br>");
      const more = result.evidence.length > 3 ? `<br>and ${result.evidence.length - 3} more` : "";
      return `| ${inMarkdown(name)} | ${stateOf(result)} | ${reasons}${more} | ${result.approvers.map(inMarkdown).join(", ")} |`;
    }),
  ].join("\n");

const placed = ({ path, line, removed, because }: Evidence): string =>
  `${inMarkdown(path)}${line ? `:${line}` : ""}${removed ? " (removed)" : ""}: ${inMarkdown(because)}`;

/** Gate by gate: what it is for, what raised it, and each condition with what was found. */
const tree = ({ asked, raised, headSha }: Evaluation): string =>
  [
    `Head ${headSha}`,
    ...asked.map(({ name, why }) => {
      const result = raised.find(({ gate }) => gate.name === name);
      return result ? branch(result) : `### ${inMarkdown(name)}: not raised\n${inMarkdown(why)}\nNo change matches it.`;
    }),
  ].join("\n\n");

function branch(result: GateResult): string {
  const { gate, evidence, approvers, judgement, reviews, obstacle, solo, hash } = result;
  const { length } = evidence;
  return [
    `### ${inMarkdown(gate.name)}: ${stateOf(result)}`,
    inMarkdown(gate.why),
    `- raised by ${length} ${length === 1 ? "reason" : "reasons"} (evidence ${hash.slice(0, 12)}):`,
    ...evidence.slice(0, MOST_SHOWN).map((one) => `  - ${placed(one)}`),
    ...(length > MOST_SHOWN ? [`  - and ${length - MOST_SHOWN} more`] : []),
    `- who can approve: ${approvers.map(inMarkdown).join(", ") || "nobody"}`,
    ...(obstacle ? [`- ${inMarkdown(obstacle)}`] : []),
    `- reviews:${reviews.length === 0 ? " none yet" : ""}`,
    ...reviews.map(
      ({ by, said, counts, because }) =>
        `  - ${counts ? "✔" : "✘"} ${inMarkdown(by)} ${said.toLowerCase().replace("_", " ")}: ${inMarkdown(because)}`,
    ),
    judgement.state === "waiting" ? `- so it waits: ${inMarkdown(judgement.because)}` : `- so it is ${judgement.state}`,
    ...(solo ? [`- ${inMarkdown(solo)} asked for the change and is its only owner: no second person has looked at it`] : []),
  ].join("\n");
}

/** Only lines of the head can carry a remark. */
const annotation = ({ gate, judgement }: GateResult, { path, line, removed, because }: Evidence): readonly Annotation[] =>
  path === "*" || removed
    ? []
    : [
        {
          path,
          line: line ?? 1,
          level: judgement.state === "approved" ? "notice" : "warning",
          title: `${gate.name} gate`,
          message: because,
        },
      ];
