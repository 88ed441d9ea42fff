import { cut, inMarkdown } from "../domain/escape.ts";
import type { GateResult } from "../gates/evaluate.ts";
import { openHead } from "./head.ts";
import type { Verb } from "./verb.ts";

const MOST_REASONS = 20;

export const explain: Verb = {
  name: "explain",
  usage: "<gate>",
  description: "Says what a gate is for, what raised it, who may approve it, and why each review counts or does not.",
  where: "pr",
  onPeoples: true,
  who: "read",
  takes: /^\S+$/,
  speak: (name, hearing) => {
    const head = openHead(hearing);
    if ("unable" in head) return head;
    const asked = hearing.evaluation?.asked ?? [];
    const gate = asked.find((known) => known.name === name);
    if (!gate)
      return { unable: `There is no gate ${inMarkdown(cut(name, 50))}. There are: ${asked.map((known) => known.name).join(", ")}.` };
    const short = head.pr.headSha.slice(0, 7);
    const result = hearing.evaluation?.raised.find((raised) => raised.gate.name === name);
    const lines = result ? explained(result, short) : [`Nothing in ${short} raises it.`];
    return { events: [], reply: [`**${name}**: ${inMarkdown(gate.why)}`, "", ...lines].join("\n") };
  },
};

function explained({ evidence, judgement, approvers, reviews, obstacle }: GateResult, short: string): readonly string[] {
  const reasons = evidence
    .slice(0, MOST_REASONS)
    .map(
      ({ path, line, removed, because }) =>
        `- ${inMarkdown(path)}${line ? `:${line}` : ""}${removed ? " (removed)" : ""}: ${inMarkdown(because)}`,
    );
  const more = evidence.length > MOST_REASONS ? [`- and ${evidence.length - MOST_REASONS} more`] : [];
  const said = reviews.map(({ by, counts, because }) => `- ${inMarkdown(by)}: ${counts ? "counts" : inMarkdown(because)}`);
  return [
    `${short} raises it, and it is ${judgement.state}:`,
    ...reasons,
    ...more,
    "",
    ...(obstacle ? [inMarkdown(obstacle), ""] : []),
    `Who may approve: ${approvers.map(inMarkdown).join(", ") || "nobody that CODEOWNERS names"}.`,
    ...(said.length > 0 ? ["", "What people said of it:", ...said] : []),
  ];
}
