import type { CheckRun, Rendering } from "../domain/commands.ts";
import { escalationText } from "../domain/escalation-text.ts";
import { cut, inMarkdown } from "../domain/escape.ts";
import { type Gate, type Issue, openGates } from "../domain/issue.ts";
import { gateNamed, gates } from "../gates/index.ts";
import type { Picture } from "./picture.ts";

/** R12c: `rig/gates` is never neutral or skipped, which branch protection counts as passing. */
export function gatesCheck(picture: Picture): Rendering | undefined {
  const { issue, seen } = picture;
  const head = issue.pullRequest?.headSha;
  if (!head || issue.merged || seen.pullRequest?.headSha !== head) return undefined;
  const { conclusion, title } = outcome(issue, picture);
  const check: CheckRun = {
    name: "rig/gates",
    headSha: head,
    status: "completed",
    conclusion,
    title: cut(title, 250),
    summary: table(issue),
    text: evaluation(issue),
  };
  return { surface: "gates-check", check };
}

function outcome(
  issue: Issue,
  { seen, why }: Picture,
): { readonly conclusion: NonNullable<CheckRun["conclusion"]>; readonly title: string } {
  const { conclusion, title } = ofGates(issue, { seen, why });
  // What is escalated is said before all else, in the words that the issue and Discord have.
  return { conclusion, title: issue.escalation ? `${escalationText(issue.escalation)} ${title}` : title };
}

function ofGates(issue: Issue, { seen, why }: Pick<Picture, "seen" | "why">): ReturnType<typeof outcome> {
  const open = openGates(issue);
  if (open.length > 0 && (seen.pullRequest?.owners.faulty || seen.pullRequest?.owners.text === undefined)) {
    return { conclusion: "failure", title: "CODEOWNERS is missing or faulty on the default branch, so nobody can open the gate." };
  }
  if (open.length > 0)
    return {
      conclusion: "action_required",
      title: open.map((gate) => `${gate.name}: waits for ${gate.approvers.join(" or ") || "a code owner"}`).join("; "),
    };
  return {
    conclusion: "success",
    title:
      issue.gates.length > 0
        ? `${issue.gates.map(({ name, by }) => `${name}: approved by ${by}`).join("; ")}`
        : `No gate is raised.${issue.escalation ? "" : ` ${why}`}`,
  };
}

const row = (name: string, gate: Gate | undefined): string =>
  `| ${inMarkdown(name)} | ${gate ? (gate.state === "waiting" ? "waits" : gate.state) : "not raised"} | ${
    gate
      ? gate.evidence
          .slice(0, 3)
          .map(({ path, because }) => `${inMarkdown(path)}: ${inMarkdown(because)}`)
          .join("<br>")
      : ""
  } | ${gate ? gate.approvers.map(inMarkdown).join(", ") : ""} |`;

const table = (issue: Issue): string =>
  [
    "| Gate | State | Why | Who can approve |",
    "| --- | --- | --- | --- |",
    ...gates.map(({ name }) =>
      row(
        name,
        issue.gates.find((gate) => gate.name === name),
      ),
    ),
  ].join("\n");

const evaluation = (issue: Issue): string =>
  issue.gates.length === 0
    ? "No changed file matches a gate."
    : issue.gates
        .map((gate) =>
          [
            `### ${inMarkdown(gate.name)}`,
            gateNamed(gate.name)?.why ?? "",
            ...gate.evidence.slice(0, 50).map(({ path, because }) => `- ${inMarkdown(path)}: ${inMarkdown(because)}`),
          ].join("\n"),
        )
        .join("\n\n");
