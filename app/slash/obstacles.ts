import { inMarkdown } from "../domain/escape.ts";
import { stateOf } from "../domain/state.ts";
import type { Hearing } from "./verb.ts";

/** What keeps the issue from being worked on until somebody changes it at GitHub, whatever is said. */
export function obstacle({ issue, seen, paused }: Hearing): string | undefined {
  const { gone, open, locked, hold } = seen.issue;
  if (stateOf(issue) === "done") return "It is done: open a new issue for what is left.";
  if (gone) return `The issue is ${gone}.`;
  if (!open && !issue.merged) return "The issue is closed: reopen it first.";
  if (paused) return `The repository rests: ${inMarkdown(paused)}`;
  if (hold) return `${inMarkdown(hold.by)} put \`rig:hold\` on it: take that label off first.`;
  return locked ? "The conversation is locked: unlock it first." : undefined;
}
