/** What a tool is: a name the model calls, a checked input, and what comes back. */
import type { z } from "zod";
import type { Outcome, ReviewFinding, Verdict } from "../outcome.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";

/** All a tool may touch. */
export interface Toolbox {
  /** Absolute path of the checkout. */
  readonly workspace: string;
  readonly sandbox: Sandbox;
  readonly signal: AbortSignal;
}

/** The agent's own end of its run. */
export interface Ending {
  readonly outcome: Outcome;
  readonly title: string;
  readonly summary: string;
  readonly verdict?: Verdict;
  readonly findings?: readonly ReviewFinding[];
  /** The work in progress is kept for another run: the Conductor asked for it, or a budget above the run's own is spent. */
  readonly keep?: "asked" | "budget";
}

export type ToolAnswer = { readonly text: string } | { readonly end: Ending };

export interface Tool {
  readonly description: string;
  readonly input: z.ZodObject;
  /** Throws with a sentence for the model when the input is wrong or the thing cannot be done. */
  readonly run: (input: unknown, toolbox: Toolbox) => Promise<ToolAnswer>;
}

/** Makes a tool of a description, the shape of its input and what it does. */
export function tool<Input extends z.ZodObject>(
  description: string,
  input: Input,
  act: (input: z.infer<Input>, toolbox: Toolbox) => ToolAnswer | Promise<ToolAnswer>,
): Tool {
  return {
    description,
    input,
    run: async (given, toolbox) => {
      const parsed = input.safeParse(given);
      if (!parsed.success) {
        throw new Error(
          `The input is wrong: ${parsed.error.issues.map(({ path, message }) => `${path.join(".") || "input"}: ${message}`).join("; ")}.`,
        );
      }
      return act(parsed.data, toolbox);
    },
  };
}
