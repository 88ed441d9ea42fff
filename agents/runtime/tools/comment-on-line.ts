import { z } from "zod";
import { ReviewFinding } from "../outcome.ts";
import { type Toolbox, tool } from "./tool.ts";

/** Remarks on lines of one review; people read no more. */
const MOST = 10;

export const commentOnLine = tool(
  `Notes a finding on one line of the change, ${MOST} at most. It is shown there when you end your review with your verdict.`,
  z.strictObject({
    path: z.string().min(1).describe("As `git diff --name-only` shows it."),
    line: z.number().int().positive().describe("In the file as the change leaves it."),
    severity: ReviewFinding.shape.severity.describe("`blocking`: it must not be merged so."),
    text: z.string().min(1).max(5_000).describe("What is wrong there, and what would be right."),
  }),
  ({ path, line, severity, text }, { notebook, changed }) => {
    const noted = notebook.findings().length;
    if (noted >= MOST)
      throw new Error(`You have noted ${MOST} findings on lines, which is all there may be: say the rest in the verdict's summary.`);
    if (changed) requireShown(path, line, changed);
    notebook.addFinding({ path, line, severity, text });
    return { text: `Noted: ${noted + 1} of ${MOST}.` };
  },
);

function requireShown(path: string, line: number, changed: NonNullable<Toolbox["changed"]>): void {
  const shown = changed.get(path);
  if (!shown) throw new Error(`${path} is not changed. Changed are: ${[...changed.keys()].slice(0, 50).join(", ") || "no files"}.`);
  if (shown.some(([from, to]) => from <= line && line <= to)) return;
  const where = shown.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(", ");
  const instead = "Put what is about the change as a whole into the verdict's findings.";
  throw new Error(
    where === ""
      ? `${path} has no lines left to remark on. ${instead}`
      : `The diff does not show ${path}:${line}; it shows ${where}. ${instead}`,
  );
}
