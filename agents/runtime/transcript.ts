/** What was said and done in a run, one JSON object a line, on disk after every step, without secrets. */
import { appendFileSync } from "node:fs";
import { type Redact, redactedIn } from "./redact.ts";

export type Note = (
  type:
    | "task"
    | "system"
    | "user"
    | "assistant"
    | "tool"
    | "blocked"
    | "setup"
    | "tests"
    | "resume"
    | "checkpoint"
    | "compacted"
    | "sandbox"
    | "servers"
    | "end",
  data: Readonly<Record<string, unknown>>,
) => void;

export interface Transcript {
  readonly note: Note;
  /** How many notes there are. */
  readonly count: () => number;
  /** Notes as they stand in the file, beginning with the one of this number (from 0): one at least, and as many as `most` characters hold. */
  readonly from: (nth: number, most: number) => readonly string[];
}

/** Bytes of the whole file (R25); what comes after is left out and says so. */
const MOST = 50 * 1024 * 1024;
/** Characters of one note. */
const MOST_NOTE = 1024 * 1024;

export function openTranscript(file: string, redact: Redact, now: () => Date): Transcript {
  const notes: string[] = [];
  let written = 0;
  const add = (note: string) => {
    notes.push(note);
    appendFileSync(file, `${note}\n`, { mode: 0o600 });
  };
  return {
    note: (type, data) => {
      if (written > MOST) return;
      const head = { at: now().toISOString(), type };
      const whole = JSON.stringify(redactedIn({ ...head, ...data }, redact));
      const note = whole.length > MOST_NOTE ? JSON.stringify({ ...head, text: `[${whole.length} characters left out]` }) : whole;
      written += note.length;
      add(written > MOST ? JSON.stringify({ at: head.at, type: "full", text: "The transcript is full." }) : note);
    },
    count: () => notes.length,
    from: (nth, most) => {
      let size = 0;
      const end = notes.findIndex((note, at) => {
        if (at < nth) return false;
        size += note.length;
        return at > nth && size > most;
      });
      return notes.slice(nth, end < 0 ? undefined : end);
    },
  };
}
