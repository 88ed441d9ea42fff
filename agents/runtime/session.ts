/** What an agent works with: who it is, its tools, its toolbox, what it is told first; then its engine goes on. */
import { readBrief } from "./brief.ts";
import type { ResolvedCharacter } from "./character.ts";
import { engineOf } from "./engines/index.ts";
import type { Progress } from "./loop.ts";
import type { Servers } from "./mcp/servers.ts";
import { openNotebook } from "./notebook.ts";
import { type Found, systemPrompt, taskPrompt } from "./prompt.ts";
import { changedLines } from "./review/changed-lines.ts";
import type { Sandbox } from "./sandbox/sandbox.ts";
import { openShell } from "./shell.ts";
import type { Stopper } from "./stop.ts";
import type { Task } from "./task.ts";
import { headAndTail } from "./text.ts";
import { toolsOf } from "./tools/index.ts";
import type { Ending, Toolbox } from "./tools/tool.ts";
import type { Note } from "./transcript.ts";
import type { TreeWatch } from "./tree.ts";

const SETUP = 15 * 60_000;

export interface Ready {
  readonly workspace: string;
  readonly sandbox: Sandbox;
  readonly resumed: boolean;
  readonly watch: Pick<TreeWatch, "sha" | "changed">;
}

export interface Heard {
  readonly note: Note;
  readonly log: (line: string) => void;
  readonly stopper: Stopper;
  readonly onProgress: (progress: Progress) => void;
  readonly onBlocked: Toolbox["onBlocked"];
}

/** Lets the agent work until somebody says it is over. */
export async function letWork(
  task: Task,
  { workspace, sandbox, resumed, watch }: Ready,
  { note, log, stopper, onProgress, onBlocked }: Heard,
): Promise<Ending> {
  const { character, limits } = task;
  const { signal, asked } = stopper;
  const system = systemPrompt(character);
  const tools = toolsOf(character.tools);
  const brief = await readBrief(task, workspace);
  const changed = task.kind === "review" ? await changeOf(task, workspace) : undefined;
  note("system", { text: system, brief });
  const setup = await setUp(task, sandbox, AbortSignal.any([signal, asked]));
  if (setup) note("setup", { exitCode: setup.exitCode, text: headAndTail(setup.output) });
  const servers = await serversOf(character, sandbox, AbortSignal.any([signal, asked]));
  for (const sentence of servers.missing) {
    note("servers", { text: sentence });
    log(sentence);
  }
  const shell = openShell(sandbox);
  return engineOf(character)({
    task,
    system,
    brief,
    firstMessage: taskPrompt(task, { setup, resumed, missing: servers.missing }),
    tools: { ...tools, ...servers.tools },
    toolbox: {
      ...{ workspace, sandbox, shell, signal, notebook: openNotebook(), asked: task.findings, earlier: task.reviewed?.findings ?? [] },
      ...(changed ? { changed } : {}),
      mayLearn: character.memory.propose,
      onBlocked: (rule, detail) => {
        note("blocked", { rule, detail });
        onBlocked(rule, detail);
      },
    },
    limits,
    asked,
    testCommand: task.stack.test,
    treeSha: watch.sha,
    changedFiles: watch.changed,
    note,
    onProgress,
    // What the agent left running must not meet what the runtime measures.
  }).finally(() => Promise.all([shell.close(), servers.close()]));
}

/** Only who has tool servers loads what speaks to them. */
async function serversOf({ mcpServers }: ResolvedCharacter, sandbox: Sandbox, signal: AbortSignal): Promise<Servers> {
  if (Object.keys(mcpServers).length === 0) return { tools: {}, missing: [], close: async () => undefined };
  const { openServers } = await import("./mcp/servers.ts");
  return openServers(mcpServers, { sandbox, signal });
}

const changeOf = ({ baseSha, repository: { defaultBranch } }: Task, workspace: string) =>
  changedLines({ workspace, defaultBranch, headSha: baseSha });

async function setUp({ stack }: Task, sandbox: Sandbox, signal: AbortSignal): Promise<Found["setup"]> {
  if (stack.setup === undefined || signal.aborted) return undefined;
  return sandbox.run({ script: stack.setup, timeoutMs: SETUP, signal });
}
