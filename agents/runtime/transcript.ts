/** What was said and done in a run, one JSON object a line, on disk after every step, without secrets. */
import { appendFileSync } from "node:fs";
import type { Redact } from "./redact.ts";

export type Note = (
  type: "system" | "user" | "assistant" | "tool" | "blocked" | "setup" | "tests" | "resume" | "checkpoint" | "end",
  data: Readonly<Record<string, unknown>>,
) => void;

/** Bytes of the whole file (R25); what comes after is left out and says so. */
const MOST = 50 * 1024 * 1024;

export function openTranscript(file: string, redact: Redact, now: () => Date): Note {
  let written = 0;
  return (type, data) => {
    if (written > MOST) return;
    const line = `${redact(JSON.stringify({ at: now().toISOString(), type, ...data }))}\n`;
    written += line.length;
    appendFileSync(file, written > MOST ? '{"type":"end","text":"The transcript is full."}\n' : line, { mode: 0o600 });
  };
}
