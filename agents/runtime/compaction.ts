/** What stands in place of the turns that gave way: what the runtime knows for sure, and a few words of the model's own. */

import { type Conversation, compacted, type Thoughts, withoutOldResults } from "./context.ts";
import { fence } from "./fence.ts";
import type { Ask } from "./model.ts";
import { neutralLine } from "./neutral.ts";
import type { Tokens } from "./prices.ts";
import type { Toolbox } from "./tools/tool.ts";

export interface Compacting {
  readonly ask: Ask;
  readonly toolbox: Pick<Toolbox, "notebook" | "asked">;
  readonly changedFiles?: (() => Promise<readonly string[]>) | undefined;
  readonly thoughts: Thoughts;
  /** Tokens that the conversation may have. */
  readonly room: number;
  readonly over: AbortSignal;
}

export interface Shortened {
  readonly conversation: Conversation;
  /** For the transcript. */
  readonly text: string;
  /** What the model's own summary cost. */
  readonly tokens?: Tokens;
}

const MOST_FILES = 200;

/** The shorter conversation. Leaving out old results is tried first, and is not enough where the model has refused the conversation. */
export async function shortened(conversation: Conversation, refused: boolean, compacting: Compacting): Promise<Shortened> {
  const { toolbox, changedFiles, thoughts, room } = compacting;
  const lighter = withoutOldResults(conversation, thoughts);
  if (lighter && !refused) return { conversation: lighter, text: "Large results of old turns were left out." };
  const [summary, files] = await Promise.all([summaryOf(lighter ?? conversation, compacting), changedFiles?.().catch(() => []) ?? []]);
  const notes = [
    "The conversation grew too long, so everything between the task above and the last turns below has given way to these notes.",
    ...section("Your plan", toolbox.notebook.plan()),
    ...section(
      "Findings you have yet to answer",
      toolbox.asked.flatMap(({ id }) => (id === undefined ? [] : [neutralLine(id, 40)])).join(", "),
    ),
    ...section("Findings you noted", toolbox.notebook.findings().map(noted).join("\n")),
    ...section(
      "Files that differ from where you began",
      files
        .slice(0, MOST_FILES)
        .map((file) => neutralLine(file, 200))
        .join("\n"),
    ),
    ...section("Your own summary", summary?.text ?? ""),
  ].join("\n\n");
  return { conversation: compacted(conversation, notes, room, thoughts), text: notes, ...(summary ? { tokens: summary.tokens } : {}) };
}

const SUMMARY =
  "This conversation has to be cut: only its first message, your plan, and the last turns remain. In at most 400 words, and without calling a tool, say what you know now that you will need: what you found, what you decided and why, what is left to do.";

/** Asked after the whole conversation, which is cached. It is a help and no more: without it the notes have to do. */
async function summaryOf(conversation: Conversation, { ask, over }: Compacting): Promise<{ text: string; tokens: Tokens } | undefined> {
  const last = conversation.at(-1);
  if (last?.role !== "user" || typeof last.content === "string") return undefined;
  const question: Conversation = [
    ...conversation.slice(0, -1),
    { role: "user", content: [...last.content, { type: "text", text: SUMMARY }] },
  ];
  try {
    const { content, tokens } = await ask(question, over);
    return {
      text: content
        .map((block) => (block.type === "text" ? block.text : ""))
        .join("\n")
        .slice(0, 8_000),
      tokens,
    };
  } catch {
    over.throwIfAborted();
    return undefined;
  }
}

const section = (title: string, text: string): readonly string[] => (text.trim() === "" ? [] : [`## ${title}\n\n${fence(text.trim())}`]);

const noted = ({ path, line, severity, text }: ReturnType<Toolbox["notebook"]["findings"]>[number]) =>
  `${severity}: ${path}${line === undefined ? "" : `:${line}`}: ${text}`;
