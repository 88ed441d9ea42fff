/** What the runtime itself finds out and keeps after an agent says it is done: its word alone proves nothing. */
import path from "node:path";
import { neutralLine } from "./neutral.ts";
import type { Redact } from "./redact.ts";
import type { Sandbox } from "./sandbox/sandbox.ts";
import type { Task } from "./task.ts";
import { headAndTail } from "./text.ts";
import type { Note } from "./transcript.ts";
import { bundle, type Checkout, commitAll } from "./workspace.ts";

/** The change in a run's output folder, for the publish job. */
export const WORK = "work.bundle";

const TESTS = 15 * 60_000;

export interface Committing {
  readonly task: Task;
  readonly title: string;
  readonly checkout: Checkout;
  readonly redact: Redact;
  readonly now: () => Date;
}

/** All that changed as one commit, in the agent's name. Answers its SHA, or undefined when nothing changed. */
export function commitWork({ task, title, checkout, redact, now }: Committing): Promise<string | undefined> {
  const author = { name: task.character.name, email: `${task.agent}@users.noreply.github.com` };
  return commitAll(checkout, `${neutralLine(redact(title))}\n\nRig-Run: ${task.runId}\n`, author, now());
}

export interface Measurement {
  /** The commit with the change; absent where nothing changed. */
  readonly sha?: string;
  readonly testsExitCode?: number;
}

export interface Measuring extends Committing {
  readonly sandbox: Sandbox;
  readonly output: string;
  readonly note: Note;
  readonly signal: AbortSignal;
}

/** Commits and bundles what changed, then runs the project's tests on it. The commit comes first: tests leave files behind. */
export async function measure(measuring: Measuring): Promise<Measurement> {
  const { task, checkout, sandbox, output, note, signal } = measuring;
  const sha = await commitWork(measuring);
  if (sha === undefined) return {};
  await bundle(checkout, path.join(output, WORK));
  if (task.stack.test === undefined || signal.aborted) return { sha };
  const { exitCode, output: said } = await sandbox.run({ script: task.stack.test, timeoutMs: TESTS, signal });
  note("tests", { exitCode, text: headAndTail(said) });
  // A test command that was killed or ran too long has no code of its own; 124 is what timeout(1) answers.
  return { sha, testsExitCode: exitCode ?? 124 };
}
