/** Who runs the conversation: the runtime's own loop, or another program that keeps the same tools, limits and rules. */
import type { LoopOptions } from "../loop.ts";
import type { Task } from "../task.ts";
import type { Ending } from "../tools/tool.ts";

/** All that an engine gets; what it must keep to are the limits, the tools and both signals. */
export interface EngineJob extends Omit<LoopOptions, "ask" | "model" | "mustChange"> {
  readonly task: Task;
  /** The same for every run of a character. */
  readonly system: string;
  /** What is known of the repository at its base, the same for every run there; empty: nothing. */
  readonly brief: string;
}

export type Engine = (job: EngineJob) => Promise<Ending>;
