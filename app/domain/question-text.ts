import { cut } from "./escape.ts";
import { RIG } from "./state.ts";

const MOST = 300;

/** A question in one line, and whose it is. All of it stands in the status comment. */
export function questionText(question: string, by: string | undefined): string {
  const line = cut(question.replace(/\s+/g, " ").trim(), MOST);
  const asks = by === RIG ? "The Rig asks before an agent begins" : `${by ?? "The agent"} asks`;
  return `${asks}: ${/[.?!…]$/.test(line) ? line : `${line}.`}`;
}
