/** What a call used, read from its answer while that passes by. */
import { Stream } from "@anthropic-ai/sdk/core/streaming";
import { z } from "zod";
import type { Tokens } from "../../../agents/runtime/prices.ts";

const Count = z.number().int().nonnegative().nullish();
const Counts = z.object({
  input_tokens: Count,
  output_tokens: Count,
  cache_read_input_tokens: Count,
  cache_creation_input_tokens: Count,
  cache_creation: z.object({ ephemeral_1h_input_tokens: Count }).nullish(),
});
/** Where the provider compacts a conversation, that call stands among the iterations and in no other figure. */
const Usage = Counts.extend({ iterations: z.array(Counts.extend({ type: z.string() })).nullish() });
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
  return message.success ? inAll(add(nothing, message.data.usage)) : none;
}

async function tokensOfStream(response: Response): Promise<Tokens> {
  let counted = nothing;
  try {
    for await (const event of Stream.fromSSEResponse<unknown>(response, new AbortController())) {
      const usage = StreamEvent.safeParse(event);
      if (usage.success) counted = add(counted, usage.data);
    }
  } catch {
    // The provider's error event, or a connection that broke: the caller sees it in the stream itself.
  }
  return inAll(counted);
}

/** What the answer itself used, and what its compactions did. */
interface Counted {
  readonly answer: Tokens;
  readonly compactions: readonly Tokens[];
}

const nothing: Counted = { answer: none, compactions: [] };

const add = ({ answer, compactions }: Counted, { iterations, ...counts }: z.infer<typeof Usage>): Counted => ({
  answer: latest(answer, counts),
  compactions: iterations ? iterations.filter(({ type }) => type === "compaction").map((counts) => latest(none, counts)) : compactions,
});

const latest = (before: Tokens, usage: z.infer<typeof Counts>): Tokens => ({
  input: usage.input_tokens ?? before.input,
  output: usage.output_tokens ?? before.output,
  cacheRead: usage.cache_read_input_tokens ?? before.cacheRead,
  cacheWrite: usage.cache_creation_input_tokens ?? before.cacheWrite,
  cacheWriteHour: usage.cache_creation?.ephemeral_1h_input_tokens ?? before.cacheWriteHour,
});

const inAll = ({ answer, compactions }: Counted): Tokens =>
  compactions.reduce<Tokens>(
    (sum, tokens) => ({
      input: sum.input + tokens.input,
      output: sum.output + tokens.output,
      cacheRead: sum.cacheRead + tokens.cacheRead,
      cacheWrite: sum.cacheWrite + tokens.cacheWrite,
      cacheWriteHour: (sum.cacheWriteHour ?? 0) + (tokens.cacheWriteHour ?? 0),
    }),
    answer,
  );
