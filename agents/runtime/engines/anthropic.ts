import { work } from "../loop.ts";
import { openModel } from "../model.ts";
import type { Engine } from "./engine.ts";

/** The runtime's own loop over the Messages API. */
export const anthropic: Engine = ({ task, system, ...job }) => {
  const { gateway, capability, character } = task;
  const { model, maxTokens } = character.llm;
  return work({ ...job, model, ask: openModel({ gateway, capability, model, maxTokens, system, tools: job.tools }) });
};
