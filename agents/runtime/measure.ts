/** What the runtime itself finds out and keeps after an agent says it is done: its word alone proves nothing. */
import path from "node:path";
import { commitMessage, type Worded } from "./commit-message.ts";
import { git } from "./git.ts";
import { requireSmall } from "./growth.ts";
import type { Redact } from "./redact.ts";
import type { Sandbox } from "./sandbox/sandbox.ts";
import type { Task } from "./task.ts";
import { headAndTail } from "./text.ts";
import type { Note } from "./transcript.ts";
import { bundle, type Checkout, commitAll } from "./workspace.ts";

/** The change in a run's output folder, for the publish job. */
export const WORK = "work.bundle";

const TESTS = 15 * 60_000;

export interface Committing extends Worded {
  readonly task: Task;
  readonly checkout: Checkout;
  readonly redact: Redact;
  readonly now: () => Date;
}

/** All that changed as one commit, in the agent's name. Answers its SHA, or undefined when nothing changed. Throws `TooLarge`. */
export async function commitWork({ task, title, said = "", checkout, redact, now }: Committing): Promise<string | undefined> {
  await requireSmall(checkout);
  // An address nobody can have: GitHub would show the commit as the work of whoever is called like the agent.
  const author = { name: task.character.name, email: `${task.agent}@engineering-rig.invalid` };
  return commitAll(checkout, commitMessage(task, { title: redact(title), said: redact(said) }), author, now());
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
  /** Whether a text holds a piece of what this run's job knows and nobody else may. */
  readonly holdsSecret: (text: string) => boolean;
  readonly onBlocked: (rule: string, detail: string) => void;
}

/** R20: also a piece without its beginning, which no pattern would know. What holds one goes nowhere. */
async function requireNoPiece(sha: string, { checkout, holdsSecret, onBlocked }: Measuring): Promise<void> {
  const { gitDir, parents } = checkout;
  const changed = ["diff-tree", "-p", "-r", "--text", "--no-renames", "--no-ext-diff", "--no-textconv", String(parents[0]), sha];
  const { stdout } = await git(changed, { cwd: gitDir, gitDir });
  if (!holdsSecret(stdout)) return;
  const sentence = "The change holds a piece of a credential of this job; it is not handed on.";
  onBlocked("secret", sentence);
  throw new Error(sentence);
}

/** Commits and bundles what changed, then runs the project's tests on it. The commit comes first: tests leave files behind. */
export async function measure(measuring: Measuring): Promise<Measurement> {
  const { task, checkout, sandbox, output, note, signal } = measuring;
  const sha = await commitWork(measuring);
  if (sha === undefined) return {};
  await requireNoPiece(sha, measuring);
  await bundle(checkout, path.join(output, WORK));
  if (task.stack.test === undefined || signal.aborted) return { sha };
  const { exitCode, output: said } = await sandbox.run({ script: task.stack.test, timeoutMs: TESTS, signal });
  note("tests", { exitCode, text: headAndTail(said) });
  // A test command that was killed or ran too long has no code of its own; 124 is what timeout(1) answers.
  return { sha, testsExitCode: exitCode ?? 124 };
}
