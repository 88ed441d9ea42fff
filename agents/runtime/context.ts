/** Keeping a conversation within the model's window: old results are left out first, then all that is old gives way to notes. */
import type Anthropic from "@anthropic-ai/sdk";
import { headAndTail } from "./text.ts";

export type Conversation = readonly Anthropic.MessageParam[];

/**
 * What becomes of thoughts after a place that is changed. The models that decide themselves how much they think sign each thought with
 * all that stood before it, and refuse one whose past is another; the older ones refuse a last turn without its thoughts
 * (https://platform.claude.com/docs/en/build-with-claude/preserved-thinking).
 */
export type Thoughts = "kept" | "dropped";

/** Turns that stay as they are. */
const RECENT = 3;
/** Characters of an old result that may stay. */
const SMALL = 2_000;
/** A conversation that is changed is cached anew: less than this part of it is not worth it. */
const WORTH = 1 / 4;
/** Roughly, of English and of code. */
const CHARACTERS_A_TOKEN = 4;

/** The conversation without large results of old turns; undefined where they make up too little of it. */
export function withoutOldResults(conversation: Conversation, thoughts: Thoughts): Conversation | undefined {
  const old = turnsOf(conversation).at(-RECENT) ?? 0;
  const shorter = conversation.map((message, index) =>
    index < old ? withResults(message, (text) => (text.length > SMALL ? leftOut(text) : text)) : message,
  );
  const before = sizeOf(conversation);
  return before - sizeOf(shorter) >= before * WORTH ? thinking(shorter, thoughts) : undefined;
}

/**
 * The first message's task, unchanged, then the notes, then the last turns as they were. A call and its result are never torn apart.
 * `room` in tokens is for all of it: fewer turns stay where they are long, and of a single long one only parts of its results.
 */
export function compacted(conversation: Conversation, notes: string, room: number, thoughts: Thoughts): Conversation {
  const [first] = conversation;
  const task = typeof first?.content === "string" ? { type: "text" as const, text: first.content } : first?.content[0];
  if (!task) throw new Error("A conversation begins with its task; this one has none.");
  const most = (room * CHARACTERS_A_TOKEN) / 2;
  const begin: Anthropic.MessageParam = { role: "user", content: [task, { type: "text", text: notes }] };
  return thinking([begin, ...lastTurns(conversation, most)], thoughts);
}

function lastTurns(conversation: Conversation, most: number): Conversation {
  const recent = turnsOf(conversation).slice(-RECENT);
  const fitting = recent.map((index) => conversation.slice(index)).find((turns) => sizeOf(turns) <= most);
  if (fitting) return fitting;
  const last = conversation.slice(recent.at(-1) ?? conversation.length);
  const results = last.flatMap(({ content }) => (typeof content === "string" ? [] : content)).filter(({ type }) => type === "tool_result");
  const each = Math.floor(most / Math.max(1, results.length));
  return last.map((message) => withResults(message, (text) => headAndTail(text, each)));
}

/** Where each turn of the model begins. */
const turnsOf = (conversation: Conversation): number[] =>
  conversation.flatMap(({ role }, index) => (role === "assistant" && conversation[index - 1]?.role === "user" ? [index] : []));

const leftOut = (text: string) => `[… left out, ${Buffer.byteLength(text)} bytes: call again if you need it …]`;

function withResults(message: Anthropic.MessageParam, change: (text: string) => string): Anthropic.MessageParam {
  if (message.role !== "user" || typeof message.content === "string") return message;
  const content = message.content.map((block) =>
    block.type === "tool_result" && typeof block.content === "string" ? { ...block, content: change(block.content) } : block,
  );
  return { ...message, content };
}

function thinking(conversation: Conversation, thoughts: Thoughts): Conversation {
  if (thoughts === "kept") return conversation;
  return conversation.map((message) => {
    if (message.role !== "assistant" || typeof message.content === "string") return message;
    const content = message.content.filter(({ type }) => type !== "thinking" && type !== "redacted_thinking");
    return { ...message, content: content.length > 0 ? content : [{ type: "text", text: "(a thought)" }] };
  });
}

const sizeOf = (conversation: Conversation): number => JSON.stringify(conversation).length;
