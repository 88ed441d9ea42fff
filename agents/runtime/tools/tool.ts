/** What a tool is: a name the model calls, a checked input, and what comes back. */
import { z } from "zod";
import type { Notebook } from "../notebook.ts";
import type { Diagnosis, FindingAnswer, Lesson, Outcome, Proposal, ReviewFinding, Revisited, Verdict } from "../outcome.ts";
import type { Changed } from "../review/changed-lines.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import type { Shell } from "../shell.ts";
import type { Finding } from "../task.ts";

/** All a tool may touch. */
export interface Toolbox {
  /** Absolute path of the checkout. */
  readonly workspace: string;
  readonly sandbox: Sandbox;
  /** The agent's own shell, for what it wants to run. */
  readonly shell: Shell;
  readonly signal: AbortSignal;
  readonly notebook: Notebook;
  /** What an author has to answer. */
  readonly asked: readonly Finding[];
  /** What the review before this one found. */
  readonly earlier: readonly Finding[];
  /** Whether it may leave lessons for the next run; absent: it may. */
  readonly mayLearn?: boolean;
  /** Of a reviewer: the lines it can remark on, by path. */
  readonly changed?: Changed;
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
  readonly diagnosis?: Diagnosis;
  readonly proposals?: readonly Proposal[];
  /** The work in progress is kept for another run: the Conductor asked for it, a budget above the run's own is spent, the job was told to end, or a person has to answer first. */
  readonly keep?: "asked" | "budget" | "told" | "no-model" | "question";
}

export type ToolAnswer = { readonly text: string } | { readonly end: Ending };

export interface Tool {
  readonly description: string;
  readonly input: z.ZodObject;
  /** Of a tool that another program brings: its input as that program describes it, in place of `input`. */
  readonly schema?: JsonSchema;
  /** It changes nothing: calls of it in one answer run side by side. */
  readonly parallel?: true;
  /** Throws with a sentence for the model: `WrongInput` when the input is wrong, anything else when the thing cannot be done. */
  readonly run: (input: unknown, toolbox: Toolbox) => Promise<ToolAnswer>;
}

/** JSON Schema of an object. */
export interface JsonSchema {
  readonly type: "object";
  readonly [keyword: string]: unknown;
}

/** A tool's input as the model is told of it. */
export const schemaOf = ({ input, schema }: Pick<Tool, "input" | "schema">): JsonSchema =>
  schema ?? { ...z.toJSONSchema(input, { io: "input" }), type: "object" };

/** The call itself was wrong: a model that goes on like that gets nowhere. */
export class WrongInput extends Error {
  constructor(message: string) {
    super(message);
    this.name = "WrongInput";
  }
}

/** Makes a tool of a description, the shape of its input and what it does. */
export function tool<Input extends z.ZodObject>(
  description: string,
  input: Input,
  act: (input: z.infer<Input>, toolbox: Toolbox) => ToolAnswer | Promise<ToolAnswer>,
  more: Pick<Tool, "parallel"> = {},
): Tool {
  return {
    description,
    input,
    ...more,
    run: async (given, toolbox) => {
      const parsed = input.safeParse(given);
      if (!parsed.success) {
        throw new WrongInput(
          `The input is wrong: ${parsed.error.issues.map(({ path, message }) => `${path.join(".") || "input"}: ${message}`).join("; ")}.`,
        );
      }
      return act(parsed.data, toolbox);
    },
  };
}
