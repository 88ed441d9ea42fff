/** What a tool is: a name the model calls, a checked input, and what comes back. */
import type { z } from "zod";
import type { Notebook } from "../notebook.ts";
import type { FindingAnswer, Lesson, Outcome, ReviewFinding, Revisited, Verdict } from "../outcome.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import type { Finding } from "../task.ts";

/** All a tool may touch. */
export interface Toolbox {
  /** Absolute path of the checkout. */
  readonly workspace: string;
  readonly sandbox: Sandbox;
  readonly signal: AbortSignal;
  readonly notebook: Notebook;
  /** What an author has to answer. */
  readonly asked: readonly Finding[];
  /** What the review before this one found. */
  readonly earlier: readonly Finding[];
  /** A rule stopped something the agent tried: the transcript and the Conductor are told. */
  readonly onBlocked: (rule: string, detail: string) => void;
}

/** The agent's own end of its run. */
export interface Ending {
  readonly outcome: Outcome;
  readonly title: string;
  readonly summary: string;
  readonly verdict?: Verdict;
  readonly why?: string;
  readonly tested?: string;
  readonly findings?: readonly ReviewFinding[];
  readonly answers?: readonly FindingAnswer[];
  readonly revisited?: readonly Revisited[];
  readonly lessons?: readonly Lesson[];
  /** The work in progress is kept for another run: the Conductor asked for it, a budget above the run's own is spent, the job was told to end, or a person has to answer first. */
  readonly keep?: "asked" | "budget" | "told" | "question";
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
