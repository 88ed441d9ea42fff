/** The model, through the Conductor's gateway: streamed, patient, its stable beginning cached. */
import Anthropic, { APIError, APIUserAbortError } from "@anthropic-ai/sdk";
import { z } from "zod";
import { messageOf } from "./errors.ts";
import { withPatience } from "./patience.ts";
import type { Tokens } from "./prices.ts";
import { BUDGET_SCOPE } from "./task.ts";
import type { Tool } from "./tools/tool.ts";

export interface Answer {
  readonly content: Anthropic.ContentBlock[];
  readonly stopReason: Anthropic.StopReason | null;
  readonly tokens: Tokens;
}

/** Asks for the next turn of a conversation. */
export type Ask = (messages: readonly Anthropic.MessageParam[], signal: AbortSignal) => Promise<Answer>;

/** Why there is no answer, as far as a run must tell: its own money or its issue's is spent, it was replaced, or the model is not to be had. */
export class ModelError extends Error {
  readonly why: "run-budget" | "budget" | "superseded" | "unavailable";
  constructor(why: ModelError["why"], message: string) {
    super(message);
    this.name = "ModelError";
    this.why = why;
  }
}

export interface ModelOptions {
  readonly gateway: string;
  readonly capability: string;
  readonly model: string;
  readonly maxTokens: number;
  readonly system: string;
  readonly tools: Readonly<Record<string, Tool>>;
  /** How long one turn may be tried again, in milliseconds. */
  readonly patienceMs?: number;
}

const cached = { type: "ephemeral" } as const;

export function openModel({ gateway, capability, model, maxTokens, system, tools, patienceMs = 120_000 }: ModelOptions): Ask {
  // apiKey null and an explicit base: nothing of the job's environment or home may choose another account or host.
  const client = new Anthropic({
    baseURL: gateway,
    apiKey: null,
    authToken: capability,
    maxRetries: 10,
    timeout: 10 * 60_000,
    logLevel: "off",
  });
  const described = Object.entries(tools).map(([name, { description, input }]) => ({
    name,
    description,
    input_schema: { ...z.toJSONSchema(input, { io: "input" }), type: "object" as const },
  }));
  return async (messages, signal) => {
    const once = async () => {
      const stream = client.messages.stream(
        {
          model,
          max_tokens: maxTokens,
          system: [{ type: "text", text: system, cache_control: cached }],
          tools: described,
          messages: withCache(messages),
        },
        { signal },
      );
      return stream.finalMessage();
    };
    try {
      // The SDK tries a request again, not a stream that broke off in the middle.
      const message = await withPatience(once, { forMs: patienceMs, isTransient: brokeOff, signal });
      return { content: message.content, stopReason: message.stop_reason, tokens: tokensOf(message.usage) };
    } catch (error) {
      throw signal.aborted ? error : told(error);
    }
  };
}

const brokeOff = (error: unknown) =>
  !(error instanceof APIUserAbortError) && (!(error instanceof APIError) || error.status === undefined || error.status >= 500);

/** The conversation so far is a stable beginning too: its last block carries the mark. */
function withCache(messages: readonly Anthropic.MessageParam[]): Anthropic.MessageParam[] {
  const last = messages.at(-1);
  if (last?.role !== "user" || typeof last.content === "string") return [...messages];
  const block = last.content.at(-1);
  if (block?.type !== "text" && block?.type !== "tool_result") return [...messages];
  return [...messages.slice(0, -1), { role: "user", content: [...last.content.slice(0, -1), { ...block, cache_control: cached }] }];
}

function tokensOf(usage: Anthropic.Usage): Tokens {
  return {
    input: usage.input_tokens,
    output: usage.output_tokens,
    cacheRead: usage.cache_read_input_tokens ?? 0,
    cacheWrite: usage.cache_creation_input_tokens ?? 0,
  };
}

function told(error: unknown): ModelError {
  const message = messageOf(error);
  const status = error instanceof APIError ? error.status : undefined;
  if (error instanceof APIError && status === 402) {
    const why = error.headers?.get(BUDGET_SCOPE) === "run" ? "run-budget" : "budget";
    return new ModelError(why, `The gateway says the budget is spent: ${message}`);
  }
  if (status === 409) return new ModelError("superseded", `The gateway says this run was replaced: ${message}`);
  return new ModelError("unavailable", `The model cannot be reached: ${message}`);
}
