import { changesFiles } from "../kinds.ts";
import { work } from "../loop.ts";
import { openModel } from "../model.ts";
import type { Engine } from "./engine.ts";

/** The runtime's own loop over the Messages API. */
export const anthropic: Engine = ({ task, system, brief, ...job }) => {
  const { gateway, capability, character, kind } = task;
  const { model, maxTokens, thinking, cache } = character.llm;
  const ask = openModel({ ...{ gateway, capability, model, maxTokens, thinking, cache, system, brief }, tools: job.tools });
  return work({ ...job, model, ask, mustChange: changesFiles(kind) });
};
