/** What Claude Code tells, as far as a run hangs on it; all else it tells is passed over. */
import { z } from "zod";
import type { Tokens } from "../../prices.ts";

const Count = z.number().int().nonnegative().nullish();
const Usage = z.object({
  input_tokens: Count,
  output_tokens: Count,
  cache_read_input_tokens: Count,
  cache_creation_input_tokens: Count,
  cache_creation: z.object({ ephemeral_1h_input_tokens: Count }).nullish(),
});
export type Usage = z.infer<typeof Usage>;

const StreamEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("message_start"), message: z.object({ usage: Usage }) }),
  z.object({ type: z.literal("message_delta"), delta: z.object({ stop_reason: z.string().nullish() }), usage: Usage }),
  z.object({ type: z.literal("message_stop") }),
]);

const Heard = z.discriminatedUnion("type", [
  z.object({ type: z.literal("stream_event"), event: StreamEvent }),
  z.object({ type: z.literal("system"), subtype: z.literal("api_retry"), error_status: z.number().nullable() }),
  z.object({ type: z.literal("assistant"), message: z.object({ content: z.array(z.looseObject({ type: z.string() })) }) }),
  z.object({
    type: z.literal("result"),
    subtype: z.string(),
    is_error: z.boolean(),
    result: z.string().optional(),
    errors: z.array(z.string()).optional(),
    api_error_status: z.number().nullish(),
    stop_reason: z.string().nullish(),
  }),
]);
export type Heard = z.infer<typeof Heard>;
export type Result = Extract<Heard, { type: "result" }>;

/** Undefined: nothing that a run hangs on. */
export const heard = (message: unknown): Heard | undefined => Heard.safeParse(message).data;

export const tokensOf = (usage: Usage): Tokens => ({
  input: usage.input_tokens ?? 0,
  output: usage.output_tokens ?? 0,
  cacheRead: usage.cache_read_input_tokens ?? 0,
  cacheWrite: usage.cache_creation_input_tokens ?? 0,
  cacheWriteHour: usage.cache_creation?.ephemeral_1h_input_tokens ?? 0,
});
