/** One answer of the model, put together from the events it is streamed in. */
import type { Anthropic } from "@anthropic-ai/sdk/client";
import type { Tokens } from "./prices.ts";

export interface Answer {
  readonly content: readonly Anthropic.ContentBlock[];
  readonly stopReason: Anthropic.StopReason | null;
  readonly tokens: Tokens;
}

type Event = Anthropic.RawMessageStreamEvent;

const none: Tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cacheWriteHour: 0 };

/**
 * Throws when the stream ends before the answer does. The SDK's own helper throws as well where a call's input is no JSON, and the whole
 * answer is lost with it; here that input is undefined, and the model is told.
 */
export async function answerFrom(events: AsyncIterable<Event>): Promise<Answer> {
  const blocks: Anthropic.ContentBlock[] = [];
  const inputs = new Map<number, string>();
  let stopReason: Anthropic.StopReason | null = null;
  let tokens = none;
  for await (const event of events) {
    if (event.type === "message_start") tokens = counted(tokens, event.message.usage);
    else if (event.type === "content_block_start") blocks[event.index] = event.content_block;
    else if (event.type === "content_block_delta") {
      const { index, delta } = event;
      if (delta.type === "input_json_delta") inputs.set(index, (inputs.get(index) ?? "") + delta.partial_json);
      else blocks[index] = grown(blocks[index], delta);
    } else if (event.type === "message_delta") {
      stopReason = event.delta.stop_reason;
      tokens = counted(tokens, event.usage);
    } else if (event.type === "message_stop") {
      return { content: blocks.map((block, index) => withInput(block, inputs.get(index))), stopReason, tokens };
    }
  }
  throw new Error("The model's answer broke off.");
}

function grown(block: Anthropic.ContentBlock | undefined, delta: Anthropic.RawContentBlockDelta): Anthropic.ContentBlock {
  if (block?.type === "text" && delta.type === "text_delta") return { ...block, text: block.text + delta.text };
  if (block?.type === "thinking" && delta.type === "thinking_delta") return { ...block, thinking: block.thinking + delta.thinking };
  if (block?.type === "thinking" && delta.type === "signature_delta") return { ...block, signature: delta.signature };
  if (block) return block;
  throw new Error("The model's answer goes on with something that never began.");
}

function withInput(block: Anthropic.ContentBlock, json: string | undefined): Anthropic.ContentBlock {
  if (block.type !== "tool_use" || json === undefined || json === "") return block;
  try {
    return { ...block, input: JSON.parse(json) };
  } catch {
    return { ...block, input: undefined };
  }
}

/** Later figures are cumulative; what they leave out stands as it was. */
function counted(before: Tokens, usage: Partial<Anthropic.Usage> | Anthropic.MessageDeltaUsage): Tokens {
  const hour = "cache_creation" in usage ? usage.cache_creation?.ephemeral_1h_input_tokens : undefined;
  return {
    input: usage.input_tokens ?? before.input,
    output: usage.output_tokens ?? before.output,
    cacheRead: usage.cache_read_input_tokens ?? before.cacheRead,
    cacheWrite: usage.cache_creation_input_tokens ?? before.cacheWrite,
    cacheWriteHour: hour ?? before.cacheWriteHour,
  };
}

export const isCutOff = ({ stopReason }: Answer): boolean => stopReason === "max_tokens" || stopReason === "model_context_window_exceeded";

/** What may stand in a conversation as a call's input. */
export const isObject = (input: unknown): input is Readonly<Record<string, unknown>> =>
  typeof input === "object" && input !== null && !Array.isArray(input);

/** An answer as it goes back: nothing is empty, and every input is an object, or the provider refuses the whole conversation. */
export function sendable(content: readonly Anthropic.ContentBlock[]): Anthropic.ContentBlockParam[] {
  const blocks = content
    .filter((block) => block.type !== "text" || block.text.trim() !== "")
    .map((block) => (block.type === "tool_use" && !isObject(block.input) ? { ...block, input: {} } : block));
  return blocks.length > 0 ? blocks : [{ type: "text", text: "(nothing)" }];
}
