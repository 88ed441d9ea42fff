/** What an agent works with: who it is, its tools, its toolbox, what it is told first; then its engine goes on. */
import { anthropic } from "./engines/anthropic.ts";
import type { Progress } from "./loop.ts";
import { openNotebook } from "./notebook.ts";
import { type Found, systemPrompt, taskPrompt } from "./prompt.ts";
import type { Sandbox } from "./sandbox/sandbox.ts";
import type { Stopper } from "./stop.ts";
import type { Task } from "./task.ts";
import { headAndTail } from "./text.ts";
import { toolsOf } from "./tools/index.ts";
import type { Ending, Toolbox } from "./tools/tool.ts";
import type { Note } from "./transcript.ts";

const SETUP = 15 * 60_000;

export interface Ready {
  readonly workspace: string;
  readonly sandbox: Sandbox;
  readonly resumed: boolean;
}

export interface Heard {
  readonly note: Note;
  readonly stopper: Stopper;
  readonly onProgress: (progress: Progress) => void;
  readonly onBlocked: Toolbox["onBlocked"];
}

/** Lets the agent work until somebody says it is over. */
export async function letWork(
  task: Task,
  { workspace, sandbox, resumed }: Ready,
  { note, stopper, onProgress, onBlocked }: Heard,
): Promise<Ending> {
  const { character, limits } = task;
  const { signal, asked } = stopper;
  const system = systemPrompt(character);
  const tools = toolsOf(character.tools);
  note("system", { text: system });
  const setup = await setUp(task, sandbox, AbortSignal.any([signal, asked]));
  if (setup) note("setup", { exitCode: setup.exitCode, text: headAndTail(setup.output) });
  return anthropic({
    task,
    system,
    firstMessage: taskPrompt(task, { setup, resumed }),
    tools,
    toolbox: {
      ...{ workspace, sandbox, signal, notebook: openNotebook(), asked: task.findings, earlier: task.reviewed?.findings ?? [] },
      onBlocked: (rule, detail) => {
        note("blocked", { rule, detail });
        onBlocked(rule, detail);
      },
    },
    limits,
    asked,
    testCommand: task.stack.test,
    note,
    onProgress,
  });
}

async function setUp({ stack }: Task, sandbox: Sandbox, signal: AbortSignal): Promise<Found["setup"]> {
  if (stack.setup === undefined || signal.aborted) return undefined;
  return sandbox.run({ script: stack.setup, timeoutMs: SETUP, signal });
}
