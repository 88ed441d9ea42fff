/** The model, through the Conductor's gateway: streamed, patient, its stable beginning cached. */
import { Anthropic } from "@anthropic-ai/sdk/client";
import { type Answer, answerFrom } from "./answer.ts";
import { type CacheFor, markedMessages, systemBlocks } from "./cache.ts";
import { askedToWait, isTransient, told } from "./model-error.ts";
import { withPatience } from "./patience.ts";
import { thinkingOf } from "./prices.ts";
import { schemaOf, type Tool } from "./tools/tool.ts";

/** Asks for the next turn of a conversation. Throws `ModelError` when there is none to be had. */
export type Ask = (messages: readonly Anthropic.MessageParam[], signal: AbortSignal) => Promise<Answer>;

export interface ModelOptions {
  readonly gateway: string;
  readonly capability: string;
  readonly model: string;
  readonly maxTokens: number;
  /** Tokens of an answer that it may think; absent: as the model does when nothing is said. */
  readonly thinking?: number | undefined;
  readonly cache?: CacheFor;
  readonly system: string;
  /** What is the same for every run in this repository; empty: nothing. */
  readonly brief?: string;
  readonly tools: Readonly<Record<string, Tool>>;
  /** How long one turn may be tried again, in milliseconds. */
  readonly patienceMs?: number;
  /** How long an answer may take to begin, in milliseconds. */
  readonly timeoutMs?: number;
}

/** A provider that is overloaded for a while costs the run its time, not its work. */
const PATIENCE = 5 * 60_000;
const ONE_ANSWER = 10 * 60_000;

export function openModel(options: ModelOptions): Ask {
  const { gateway, capability, model, maxTokens, thinking, cache = "5m", system, brief = "", tools, patienceMs = PATIENCE } = options;
  // apiKey null and an explicit base: nothing of the job's environment or home may choose another account or host.
  const client = new Anthropic({
    baseURL: gateway,
    apiKey: null,
    authToken: capability,
    // Tried again in one place only: here, the broken streams included.
    maxRetries: 0,
    timeout: options.timeoutMs ?? ONE_ANSWER,
    logLevel: "off",
  });
  const stable = {
    model,
    max_tokens: maxTokens,
    tools: Object.entries(tools).map(([name, tool]) => ({ name, description: tool.description, input_schema: schemaOf(tool) })),
    system: systemBlocks(system, brief, cache),
    ...(thinking === undefined ? {} : { thinking: thinkingFor(model, thinking) }),
  };
  return async (messages, signal) => {
    const request = { ...stable, stream: true, messages: markedMessages(messages, cache) } as const;
    const once = async () => answerFrom(await client.messages.create(request, { signal }));
    try {
      return await withPatience(once, { forMs: patienceMs, isTransient, askedToWait, signal });
    } catch (error) {
      throw signal.aborted ? error : told(error);
    }
  };
}

function thinkingFor(model: string, tokens: number): Anthropic.ThinkingConfigParam {
  return thinkingOf(model) === "adaptive" ? { type: "adaptive" } : { type: "enabled", budget_tokens: tokens };
}
