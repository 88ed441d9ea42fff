/** What may be remembered for the next run. A lesson is read by every later run, so a stranger's words must find no way in by it. */
import type { Lesson } from "./outcome.ts";
import { secretsIn } from "./redact.ts";

/** A lesson tells of the repository itself: it sends nobody anywhere. An address on the machine itself is no other place. */
const ELSEWHERE = /\b(?:[a-z][a-z0-9+.-]*:\/\/|www\.)(?!(?:localhost|127\.0\.0\.1|\[::1\])(?![\w.-]))\S/i;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u;
const MENTION = /(?<![\w.])@[\w-]/;
/** Package scopes and decorators inside code are no mentions: `@types/node`. */
const QUOTED = /`[^`]*`/g;

/** Why it may not be kept, as a sentence; undefined where it may. */
export function unfitLesson({ text, evidence }: Pick<Lesson, "text" | "evidence">): string | undefined {
  for (const [name, said] of Object.entries({ text, evidence })) {
    if (said.trim() === "") return `Its ${name} is empty.`;
    if (INVISIBLE.test(said)) return `Its ${name} holds a line break or invisible characters: write one plain line.`;
    if (ELSEWHERE.test(said)) return `Its ${name} holds a link: a lesson tells of this repository's own files and commands.`;
    if (MENTION.test(said.replace(QUOTED, ""))) return `Its ${name} mentions somebody: put a name such as @types/node in backticks.`;
    const [secret] = secretsIn(said);
    if (secret) return `Its ${name} seems to hold a secret (${secret}).`;
  }
  return undefined;
}
