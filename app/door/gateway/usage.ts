/** What a call used, read from its answer while that passes by. */
import { Stream } from "@anthropic-ai/sdk/core/streaming";
import { z } from "zod";
import type { Tokens } from "../../../agents/runtime/prices.ts";

const Count = z.number().int().nonnegative().nullish();
const Usage = z.object({
  input_tokens: Count,
  output_tokens: Count,
  cache_read_input_tokens: Count,
  cache_creation_input_tokens: Count,
  cache_creation: z.object({ ephemeral_1h_input_tokens: Count }).nullish(),
});
const Message = z.object({ usage: Usage });
/** Of the stream's events only these two carry usage; the later figures are cumulative. */
const StreamEvent = z.union([
  z.object({ type: z.literal("message_start"), message: Message }).transform(({ message }) => message.usage),
  z.object({ type: z.literal("message_delta"), usage: Usage }).transform(({ usage }) => usage),
]);

const none: Tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cacheWriteHour: 0 };

/** Reads a whole answer to its end. What was reported before a stream broke off still counts. */
export async function tokensOf(response: Response): Promise<Tokens> {
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
  return isStream ? tokensOfStream(response) : tokensOfJson(response);
}

async function tokensOfJson(response: Response): Promise<Tokens> {
  const message = Message.safeParse(await response.json().catch(() => undefined));
  return message.success ? add(none, message.data.usage) : none;
}

async function tokensOfStream(response: Response): Promise<Tokens> {
  let tokens = none;
  try {
    for await (const event of Stream.fromSSEResponse<unknown>(response, new AbortController())) {
      const usage = StreamEvent.safeParse(event);
      if (usage.success) tokens = add(tokens, usage.data);
    }
  } catch {
    // The provider's error event, or a connection that broke: the caller sees it in the stream itself.
  }
  return tokens;
}

const add = (before: Tokens, usage: z.infer<typeof Usage>): Tokens => ({
  input: usage.input_tokens ?? before.input,
  output: usage.output_tokens ?? before.output,
  cacheRead: usage.cache_read_input_tokens ?? before.cacheRead,
  cacheWrite: usage.cache_creation_input_tokens ?? before.cacheWrite,
  cacheWriteHour: usage.cache_creation?.ephemeral_1h_input_tokens ?? before.cacheWriteHour,
});
