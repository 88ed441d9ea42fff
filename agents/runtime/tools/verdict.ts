import { z } from "zod";
import { ReviewFinding, Revisited, verdicts } from "../outcome.ts";
import { type Toolbox, tool } from "./tool.ts";

const titles = { approve: "Approved", request_changes: "Changes requested", abstain: "Abstained" } as const;

export const verdict = tool(
  "Ends your review, with the findings you noted on lines. Request changes only for what must not be merged; everything else is a finding beside an approval. Abstain where you cannot judge, and say why: another reviewer is asked.",
  z.strictObject({
    verdict: z.enum(verdicts),
    summary: z.string().min(1).max(5_000),
    findings: z
      .array(ReviewFinding.omit({ line: true }).extend({ path: z.string().default(""), text: z.string().min(1).max(5_000) }))
      .max(20)
      .default([])
      .describe("What belongs to no line that the change shows."),
    revisited: z
      .array(Revisited.extend({ why: z.string().min(1).max(2_000) }))
      .default([])
      .describe("One for each finding of the review before, by its id: resolved by the change, it still stands, or you withdraw it."),
  }),
  ({ verdict: decision, summary, findings, revisited }, { notebook, earlier }) => {
    const all = [...notebook.findings(), ...findings];
    if (decision !== "abstain") requireAll(revisited, earlier);
    requireReason(decision, all, revisited);
    return { end: { outcome: "review", title: titles[decision], summary, verdict: decision, findings: all, revisited } };
  },
);

/** Each earlier finding is looked at once. */
function requireAll(revisited: readonly Revisited[], earlier: Toolbox["earlier"]): void {
  const wanted = new Set(earlier.flatMap(({ id }) => (id === undefined ? [] : [id])));
  for (const { finding } of revisited) {
    if (!wanted.delete(finding)) throw new Error(`${finding} is no finding of the review before, or you name it twice: name each once.`);
  }
  if (wanted.size > 0)
    throw new Error(
      `Say of each finding of the review before what has become of it; in \`revisited\` these are missing: ${[...wanted].join(", ")}.`,
    );
}

function requireReason(decision: (typeof verdicts)[number], findings: readonly ReviewFinding[], revisited: readonly Revisited[]): void {
  const against = [
    ...findings
      .filter(({ severity }) => severity === "blocking")
      .map(({ path, line }) => `a blocking one${path === "" ? "" : ` on ${path}${line ? `:${line}` : ""}`}`),
    ...revisited.filter(({ now }) => now === "stands").map(({ finding }) => `${finding}, which stands`),
  ];
  if (decision === "request_changes" && against.length === 0)
    throw new Error(
      "Requesting changes needs a finding that is blocking, or an earlier one that stands: say what must change, or approve.",
    );
  if (decision === "approve" && against.length > 0)
    throw new Error(`You cannot approve with these findings: ${against.join("; ")}. Request changes, or say that they do not block.`);
}
