/** Where the provider is told to cache (https://platform.claude.com/docs/en/build-with-claude/prompt-caching): four marks in all. */
import type Anthropic from "@anthropic-ai/sdk";

export type CacheFor = "5m" | "1h";

const markFor = (time: CacheFor): Anthropic.CacheControlEphemeral => ({ type: "ephemeral", ...(time === "1h" ? { ttl: time } : {}) });

/**
 * The character's words, shared with all its runs (the tools stand before them and are cached with them), and the brief, shared with
 * its runs in one repository.
 */
export function systemBlocks(system: string, brief: string, time: CacheFor): Anthropic.TextBlockParam[] {
  return [system, brief].filter((text) => text !== "").map((text) => ({ type: "text", text, cache_control: markFor(time) }));
}

/**
 * The last two turns of ours are marked. What the earlier one ends with was cached by the question before and is read by name: a mark
 * is only looked for twenty blocks back from another, and an answer with many calls has more.
 */
export function markedMessages(messages: readonly Anthropic.MessageParam[], time: CacheFor): Anthropic.MessageParam[] {
  const ours = messages.flatMap(({ role }, index) => (role === "user" ? [index] : [])).slice(-2);
  return messages.map((message, index) => (ours.includes(index) ? marked(message, time) : message));
}

function marked(message: Anthropic.MessageParam, time: CacheFor): Anthropic.MessageParam {
  if (message.role !== "user" || typeof message.content === "string") return message;
  const block = message.content.at(-1);
  if (block?.type !== "text" && block?.type !== "tool_result") return message;
  return { ...message, content: [...message.content.slice(0, -1), { ...block, cache_control: markFor(time) }] };
}
