/** Every tool there is. A character names the ones it has. */
import { bash } from "./bash.ts";
import { edit } from "./edit.ts";
import { finish } from "./finish.ts";
import { read } from "./read.ts";
import { reportStuck } from "./report-stuck.ts";
import { search } from "./search.ts";
import type { Tool } from "./tool.ts";
import { verdict } from "./verdict.ts";

export const tools = { bash, read, search, edit, finish, report_stuck: reportStuck, verdict } satisfies Readonly<Record<string, Tool>>;

export type ToolName = keyof typeof tools;

export const toolNames = Object.keys(tools) as ToolName[];

/** The tools a character names. */
export function toolsOf(names: readonly ToolName[]): Readonly<Record<string, Tool>> {
  return Object.fromEntries(names.map((name) => [name, tools[name]]));
}
