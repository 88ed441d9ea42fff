/** Every tool there is. A character names the ones it has. */
import { ask } from "./ask.ts";
import { bash } from "./bash.ts";
import { commentOnLine } from "./comment-on-line.ts";
import { diagnose } from "./diagnose.ts";
import { edit } from "./edit.ts";
import { finish } from "./finish.ts";
import { plan } from "./plan.ts";
import { propose } from "./propose.ts";
import { read } from "./read.ts";
import { reportStuck } from "./report-stuck.ts";
import { search } from "./search.ts";
import type { Tool } from "./tool.ts";
import { verdict } from "./verdict.ts";

export const tools = {
  ask,
  bash,
  read,
  search,
  edit,
  plan,
  finish,
  report_stuck: reportStuck,
  comment_on_line: commentOnLine,
  verdict,
  diagnose,
  propose,
} satisfies Readonly<Record<string, Tool>>;

export type ToolName = keyof typeof tools;

export const toolNames = Object.keys(tools) as ToolName[];

/** The tools a character names. */
export function toolsOf(names: readonly ToolName[]): Readonly<Record<string, Tool>> {
  return Object.fromEntries(names.map((name) => [name, tools[name]]));
}
