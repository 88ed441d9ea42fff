/** What a run may ask of the model provider. */
import { z } from "zod";
import { hasPrice, knownModels } from "../../../agents/runtime/prices.ts";
import { Problem } from "../problem.ts";

/** Tools that the caller runs itself. The provider's own (web search, code execution) would be a way out of the sandbox (R9) and cost extra. */
const isOwnTool = (type: string | null | undefined) => !type || type === "custom" || /^(bash|text_editor|memory)_/.test(type);

const Request = z.looseObject({
  model: z.string(),
  tools: z.array(z.looseObject({ type: z.string().nullish() })).nullish(),
  mcp_servers: z.array(z.unknown()).max(0, "are servers that the provider would call").nullish(),
  container: z.null("is a machine of the provider").optional(),
  speed: z.literal("standard", "other than standard has another price").nullish(),
  inference_geo: z.null("has another price").optional(),
  fallbacks: z.null("are models with other prices").optional(),
  fallback_credit_token: z.null("has another price").optional(),
  billing_policy: z.null("has another price").optional(),
  thread: z.null("is a conversation that the provider keeps, so its length is not known here").optional(),
  thinking: z.looseObject({ budget_tokens: z.number().nonnegative().optional() }).nullish(),
});
const Message = Request.extend({ max_tokens: z.number().int().nonnegative() });

/** A request so far as its price and its reach hang on it. */
export interface Call {
  readonly model: string;
  /** Of the request's body. */
  readonly bytes: number;
  readonly maxTokens: number;
  /** Tokens of the answer that it may think; an answer has to be longer. */
  readonly thinking: number;
}

/** Reads a Messages request; the provider checks the rest. */
export function readCall(body: Buffer): Call {
  const { model, max_tokens, thinking } = checked(Message, body);
  return { model, bytes: body.length, maxTokens: max_tokens, thinking: thinking?.budget_tokens ?? 0 };
}

/** Reads a request to count tokens: no answer, and so no length of one. */
export const readCount = (body: Buffer): Pick<Call, "model"> => checked(Request, body);

function checked<Shape extends typeof Request>(shape: Shape, body: Buffer): z.infer<Shape> {
  const call = shape.safeParse(json(body));
  if (!call.success) {
    const issue = call.error.issues[0];
    throw new Problem(400, `The request's ${issue?.path.join(".") || "body"} cannot go through the gateway: ${issue?.message}.`);
  }
  const { model, tools } = call.data;
  const foreign = tools?.find(({ type }) => !isOwnTool(type));
  if (foreign)
    throw new Problem(400, `The tool ${foreign.type} runs at the provider, outside the sandbox: use tools that the run executes itself.`);
  if (!hasPrice(model))
    throw new Problem(400, `The model ${model} has no price here, so no budget could hold: use one of ${knownModels.join(", ")}.`);
  return call.data;
}

/** The same request for an answer of at most so many tokens. */
export function shortened(body: Buffer, maxTokens: number): Buffer {
  return Buffer.from(JSON.stringify(Object.assign(json(body) ?? {}, { max_tokens: maxTokens })));
}

function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new Problem(400, "The request's body is not JSON.");
  }
}
