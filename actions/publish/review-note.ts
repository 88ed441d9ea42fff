import type { RunOutcome } from "../../agents/runtime/outcome.ts";

/** What a review says for programs, in one line that people do not see; the Conductor believes it of the reviewer's own account (`app/observe/review-note.ts`). */
export function reviewNote({ verdict, revisited }: Pick<RunOutcome, "verdict" | "revisited">, general: number): string {
  const known = revisited.filter(({ finding }) => /^[a-z]\d{1,15}$/.test(finding));
  const note = { verdict, general, revisited: Object.fromEntries(known.map(({ finding, now }) => [finding, now])) };
  return `<!-- rig:review ${JSON.stringify(note)} -->`;
}
