/** What the runtime itself finds out and keeps after an agent says it is done: its word alone proves nothing. */
import path from "node:path";
import { neutralLine } from "./neutral.ts";
import type { Redact } from "./redact.ts";
import type { Sandbox } from "./sandbox/sandbox.ts";
import type { Task } from "./task.ts";
import { headAndTail } from "./text.ts";
import type { Note } from "./transcript.ts";
import { bundle, type Checkout, commitAll } from "./workspace.ts";

const TESTS = 15 * 60_000;

export interface Measurement {
  readonly changed: boolean;
  readonly testsExitCode?: number;
}

export interface Measuring {
  readonly task: Task;
  readonly title: string;
  readonly checkout: Checkout;
  readonly sandbox: Sandbox;
  readonly output: string;
  readonly note: Note;
  readonly redact: Redact;
  readonly signal: AbortSignal;
  readonly now: () => Date;
}

/** Commits and bundles what changed, then runs the project's tests on it. The commit comes first: tests leave files behind. */
export async function measure({ task, title, checkout, sandbox, output, note, redact, signal, now }: Measuring): Promise<Measurement> {
  const { character, runId, stack } = task;
  const message = `${neutralLine(redact(title))}\n\nRig-Run: ${runId}\n`;
  const author = { name: character.name, email: `${task.agent}@users.noreply.github.com` };
  const sha = await commitAll(checkout, message, author, now());
  if (sha === undefined) return { changed: false };
  await bundle(checkout, path.join(output, "work.bundle"));
  if (stack.test === undefined) return { changed: true };
  const { exitCode, output: said } = await sandbox.run({ script: stack.test, timeoutMs: TESTS, signal });
  note("tests", { exitCode, text: headAndTail(said) });
  // A test command that was killed or ran too long has no code of its own; 124 is what timeout(1) answers.
  return { changed: true, testsExitCode: exitCode ?? 124 };
}
