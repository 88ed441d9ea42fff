import type { EngineJob } from "../../../agents/runtime/engines/engine.ts";
import { type Progress, unused } from "../../../agents/runtime/loop.ts";
import type { Sandbox } from "../../../agents/runtime/sandbox/sandbox.ts";
import type { Task } from "../../../agents/runtime/task.ts";
import { toolsOf } from "../../../agents/runtime/tools/index.ts";
import type { Toolbox } from "../../../agents/runtime/tools/tool.ts";
import { temporary } from "./repository.ts";
import { taskOf } from "./task.ts";
import { toolboxOf } from "./toolbox.ts";

export interface Noted {
  readonly type: string;
  readonly [more: string]: unknown;
}

/** A job for an engine in a workspace of its own, what it notes, and how far it came. Commands run as they are. */
export function jobOf(
  gateway: string,
  sandbox: Sandbox,
  more: Partial<Omit<EngineJob, "task" | "toolbox">> & { task?: Partial<Task>; toolbox?: Partial<Toolbox> } = {},
) {
  const notes: Noted[] = [];
  let progress: Progress = unused;
  const workspace = temporary();
  const task = taskOf({ baseSha: "b".repeat(40), gateway, ...more.task });
  const job: EngineJob = {
    system: "You are Dev.",
    brief: "",
    firstMessage: "Greet the world.",
    tools: toolsOf(task.character.tools),
    limits: task.limits,
    asked: new AbortController().signal,
    note: (type, data) => void notes.push({ type, ...data }),
    onProgress: (made) => {
      progress = made;
    },
    ...more,
    task,
    toolbox: toolboxOf({ workspace, sandbox, ...more.toolbox }),
  };
  return { job, notes, workspace, progress: () => progress };
}
