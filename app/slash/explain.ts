import { cut, inMarkdown } from "../domain/escape.ts";
import { gateNamed, gates, raisedGates } from "../gates/index.ts";
import { openHead } from "./head.ts";
import type { Verb } from "./verb.ts";

const MOST_REASONS = 20;

export const explain: Verb = {
  name: "explain",
  usage: "<gate>",
  description: "Says what a gate is for, what raised it and who may approve it.",
  where: "pr",
  who: "read",
  takes: /^\S+$/,
  speak: (name, hearing) => {
    const gate = gateNamed(name);
    if (!gate)
      return { unable: `There is no gate ${inMarkdown(cut(name, 50))}. There are: ${gates.map((known) => known.name).join(", ")}.` };
    const head = openHead(hearing);
    if ("unable" in head) return head;
    const short = head.pr.headSha.slice(0, 7);
    const evidence = raisedGates(head.pr.changes).find((raised) => raised.gate.name === name)?.evidence;
    if (!evidence) return { events: [], reply: `**${name}**: ${gate.why}\n\nNothing in ${short} raises it.` };
    const known = hearing.issue.gates.find((one) => one.name === name && one.headSha === head.pr.headSha);
    const approvers = known?.approvers.map(inMarkdown).join(", ") || "nobody that CODEOWNERS names";
    const reasons = evidence.slice(0, MOST_REASONS).map(({ path, because }) => `- ${inMarkdown(path)}: ${inMarkdown(because)}`);
    const more = evidence.length > MOST_REASONS ? [`- and ${evidence.length - MOST_REASONS} more`] : [];
    return {
      events: [],
      reply: [
        `**${name}**: ${gate.why}`,
        "",
        `${short} raises it, and it is ${known?.state ?? "not looked at yet"}:`,
        ...reasons,
        ...more,
        "",
        `Who may approve: ${approvers}.`,
      ].join("\n"),
    };
  },
};
