import { z } from "zod";
import type { ReviewNote, SeenReview } from "../domain/seen.ts";

const NOTE = /<!-- rig:review (\{[^\n]*?\}) -->/;

/** As the publish job writes it (`actions/publish/review-note.ts`). */
const Note = z.object({
  verdict: z.enum(["approve", "request_changes", "abstain"]),
  /** Findings that stand in the review's own words, on no line. */
  general: z.number().int().nonnegative(),
  revisited: z.record(z.string(), z.enum(["resolved", "stands", "withdrawn"])),
});

/** What a review says for programs. Whose review it is decides whether anybody believes it. */
function noteIn(body: string): z.infer<typeof Note> | undefined {
  const json = NOTE.exec(body)?.[1];
  if (json === undefined) return undefined;
  try {
    return Note.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

export function machineNote(body: string): { readonly machine?: ReviewNote } {
  const note = noteIn(body);
  return note ? { machine: { abstains: note.verdict === "abstain", revisited: note.revisited } } : {};
}

/** The review's words as a finding: people's as they are; a program's where they hold more than a summary. */
export function wordsOf(id: string, by: string, body: string): SeenReview["findings"] {
  const text = body.replace(/<!-- rig:[^\n]*? -->\n*/g, "").trim();
  const note = noteIn(body);
  return text === "" || (note && note.verdict !== "abstain" && note.general === 0) ? [] : [{ id, by, text }];
}
