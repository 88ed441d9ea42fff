/** One run of an agent, from its task to what it leaves behind: outcome.json, transcript.jsonl and, for a change, work.bundle. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { messageOf } from "./errors.ts";
import { type Progress, stopped, unused, work } from "./loop.ts";
import { measure } from "./measure.ts";
import { openModel } from "./model.ts";
import type { RunOutcome } from "./outcome.ts";
import { type Setup, systemPrompt, taskPrompt } from "./prompt.ts";
import { type Redact, redactor } from "./redact.ts";
import { beat, type Report, tellEnd } from "./report.ts";
import { openSandbox, type Sandbox } from "./sandbox/sandbox.ts";
import { openStopper } from "./stop.ts";
import type { Task } from "./task.ts";
import { headAndTail } from "./text.ts";
import { toolsOf } from "./tools/index.ts";
import type { Ending } from "./tools/tool.ts";
import { type Note, openTranscript } from "./transcript.ts";
import { checkOut } from "./workspace.ts";

export interface RunDeps {
  readonly report: Report;
  /** Given when the job is told to end. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly log: (line: string) => void;
  /** Shown read-only to commands: a tool cache. */
  readonly readable?: readonly string[];
  readonly heartbeatMs?: number;
}

const HEARTBEAT = 30_000;
const SETUP = 15 * 60_000;

type End = Ending & { readonly testsExitCode?: number };

/** However it goes, the outcome is on disk and the Conductor is told. Throws only when the Conductor will not hear it. */
export async function runTask(given: Task, workspace: string, output: string, deps: RunDeps): Promise<RunOutcome> {
  const task = { ...given, limits: least(given.limits, given.character.limits) };
  const started = deps.now();
  const redact = redactor([task.capability]);
  await mkdir(output, { recursive: true });
  const note = openTranscript(path.join(output, "transcript.jsonl"), redact, deps.now);
  const stopper = openStopper(task.limits.minutes, deps.signal);
  let progress = unused;
  const heartbeat = beat(
    deps.report,
    () => ({
      agentId: task.agentId,
      status: "working",
      runId: task.runId,
      progress: { turns: progress.turns, toolCalls: progress.toolCalls },
    }),
    deps.heartbeatMs ?? HEARTBEAT,
    () => stopper.stop("fenced"),
  );
  try {
    const onProgress = (made: Progress) => {
      progress = made;
    };
    const end = await confinedWork(task, workspace, { ...deps, output, note, redact, onProgress, signal: stopper.signal }).catch((error) =>
      stopper.signal.aborted ? stopped(stopper.signal.reason) : failed(error),
    );
    note("end", { ...end });
    const minutes = Math.round((deps.now().getTime() - started.getTime()) / 600) / 100;
    const outcome = outcomeOf(task, end, { ...progress, minutes }, redact);
    await writeFile(path.join(output, "outcome.json"), `${JSON.stringify(outcome, null, 2)}\n`);
    await tellEnd(deps.report, task, outcome);
    return outcome;
  } finally {
    heartbeat.stop();
    stopper.done();
  }
}

interface Inside extends RunDeps {
  readonly output: string;
  readonly note: Note;
  readonly redact: Redact;
  readonly onProgress: (progress: Progress) => void;
}

async function confinedWork(task: Task, workspace: string, inside: Inside): Promise<End> {
  const base = await mkdtemp(path.join(tmpdir(), "rig-run-"));
  let sandbox: Sandbox | undefined;
  try {
    const checkout = await checkOut(task, workspace, path.join(base, "ours.git"));
    sandbox = await openSandbox({ workspace, readable: inside.readable ?? [] });
    inside.log(`Commands run in this sandbox: ${sandbox.kind}.`);
    const end = await letWork(task, workspace, sandbox, inside);
    if (end.outcome !== "patch") return end;
    const { changed, testsExitCode } = await measure({ ...inside, task, title: end.title, checkout, sandbox });
    if (!changed) return { ...end, outcome: "nothing_to_do" };
    return testsExitCode === undefined ? end : { ...end, testsExitCode };
  } finally {
    await sandbox?.close();
    await rm(base, { recursive: true, force: true });
  }
}

async function letWork(task: Task, workspace: string, sandbox: Sandbox, { note, signal, onProgress }: Inside): Promise<Ending> {
  const { character, limits, gateway, capability } = task;
  const system = systemPrompt(character);
  const tools = toolsOf(character.tools);
  note("system", { text: system });
  const setup = await setUp(task, sandbox, signal);
  if (setup) note("setup", { exitCode: setup.exitCode, text: headAndTail(setup.output) });
  const ask = openModel({ gateway, capability, ...character.llm, system, tools });
  return work({
    ask,
    model: character.llm.model,
    firstMessage: taskPrompt(task, setup),
    tools,
    toolbox: { workspace, sandbox, signal },
    limits,
    note,
    onProgress,
  });
}

async function setUp({ stack }: Task, sandbox: Sandbox, signal: AbortSignal): Promise<Setup | undefined> {
  if (stack.setup === undefined || signal.aborted) return undefined;
  return sandbox.run({ script: stack.setup, timeoutMs: SETUP, signal });
}

/** The repository's limits and the character's own: whichever is less. */
const least = (one: Task["limits"], other: Task["limits"]): Task["limits"] => ({
  turns: Math.min(one.turns, other.turns),
  minutes: Math.min(one.minutes, other.minutes),
  usd: Math.min(one.usd, other.usd),
});

const failed = (error: unknown): End => ({
  outcome: "failed",
  title: "Failed",
  summary: messageOf(error),
});

function outcomeOf({ runId }: Task, end: End, usage: RunOutcome["usage"], redact: Redact): RunOutcome {
  return {
    runId,
    outcome: end.outcome,
    title: redact(end.title),
    summary: redact(end.summary),
    ...(end.testsExitCode === undefined ? {} : { testsExitCode: end.testsExitCode }),
    ...(end.verdict ? { verdict: end.verdict } : {}),
    findings: (end.findings ?? []).map((finding) => ({ ...finding, path: redact(finding.path), text: redact(finding.text) })),
    usage,
  };
}
