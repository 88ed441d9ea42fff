/** Output of programs as text a model and a log can hold (R25). */
import { stripVTControlCharacters } from "node:util";

/** What goes to the model of one tool's output, in characters. */
export const SHOWN = 64 * 1024;

/** Without colours, cursor movements, NUL and other control characters; broken UTF-8 shows as U+FFFD. */
export function plain(bytes: Buffer | string): string {
  return stripVTControlCharacters(bytes.toString("utf8"))
    .replace(/\r\n/g, "\n")
    .replace(/(?![\n\t])\p{Cc}/gu, "");
}

/** Head and tail of a long text, and a word about what is missing between. */
export function headAndTail(text: string, most = SHOWN): string {
  if (text.length <= most) return text;
  const half = Math.floor(most / 2);
  return `${text.slice(0, half)}\n[… ${text.length - 2 * half} characters left out …]\n${text.slice(-half)}`;
}
