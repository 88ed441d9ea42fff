/** What a run may ask of the model provider. */
import { z } from "zod";
import { hasPrice, knownModels } from "../../../agents/runtime/prices.ts";
import { Problem } from "../problem.ts";

/** Tools that the caller runs itself. The provider's own (web search, code execution) would be a way out of the sandbox (R9) and cost extra. */
const isOwnTool = (type: string | null | undefined) => !type || type === "custom" || /^(bash|text_editor|memory)_/.test(type);

const Call = z.looseObject({
  model: z.string(),
  tools: z.array(z.looseObject({ type: z.string().nullish() })).nullish(),
  mcp_servers: z.array(z.unknown()).max(0, "are servers that the provider would call").nullish(),
  container: z.null("is a machine of the provider").optional(),
  speed: z.literal("standard", "other than standard has another price").nullish(),
  inference_geo: z.null("has another price").optional(),
});

/** Reads a Messages request so far as its price and its reach hang on it; the provider checks the rest. */
export function readCall(body: Buffer): { readonly model: string } {
  const call = Call.safeParse(json(body));
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
  return { model };
}

function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new Problem(400, "The request's body is not JSON.");
  }
}
