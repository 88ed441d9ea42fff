/** Work in progress between two runs: kept at the Conductor when one has to stop, put back where another goes on. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { ConductorError, getBytes } from "./conductor.ts";
import { messageOf } from "./errors.ts";
import { git } from "./git.ts";
import { TooLarge } from "./growth.ts";
import { type Committing, commitWork } from "./measure.ts";
import type { Report } from "./report.ts";
import { MOST_CHECKPOINT, type Task } from "./task.ts";
import type { Note } from "./transcript.ts";
import { bundle, type Checkout, checkOut, cleanUp } from "./workspace.ts";

export interface Keeping extends Omit<Committing, "title"> {
  /** A folder of our own beside the workspace. */
  readonly folder: string;
  readonly report: Report;
  readonly note: Note;
  readonly log: (line: string) => void;
  /** The work is committed already. */
  readonly sha?: string | undefined;
}

/** Commits what the workspace holds and hands it to the Conductor. A run ends after it in any case, so nothing is thrown. */
export async function keepWork(keeping: Keeping): Promise<void> {
  const { task, checkout, folder, report, note, log } = keeping;
  const base = task.baseSha;
  const nothing = { sha: base, base, bytes: Buffer.alloc(0) };
  const tell = (text: string) => {
    note("checkpoint", { text });
    log(text);
  };
  try {
    const sha = keeping.sha ?? (await commitWork({ ...keeping, title: "Work in progress" }));
    if (sha === undefined) {
      await report.checkpoint(nothing);
      return tell("The run had changed nothing: there is nothing to keep.");
    }
    const file = path.join(folder, "checkpoint.bundle");
    await bundle(checkout, file);
    const bytes = await readFile(file);
    const kept = bytes.length <= MOST_CHECKPOINT && (await taken(report.checkpoint({ sha, base, bytes })));
    // Who needs the slot hears at once that nothing more comes.
    if (!kept) await report.checkpoint(nothing);
    tell(
      kept ? `The work in progress is kept as ${sha}.` : `The work in progress is too large to keep: its bundle has ${bytes.length} bytes.`,
    );
  } catch (error) {
    tell(`The work in progress could not be kept: ${messageOf(error)}`);
    if (error instanceof TooLarge) await report.checkpoint(nothing).catch(() => undefined);
  }
}

/** Whether the Conductor, or a proxy before it, takes so much. */
const taken = (sent: Promise<void>): Promise<boolean> =>
  sent.then(
    () => true,
    (error) => {
      if (error instanceof ConductorError && error.status === 413) return false;
      throw error;
    },
  );

export interface Starting {
  /** A folder of our own beside the workspace. */
  readonly folder: string;
  readonly note: Note;
  readonly log: (line: string) => void;
}

export interface Start {
  readonly checkout: Checkout;
  /** An earlier run's work in progress is in the workspace. */
  readonly resumed: boolean;
}

/** The workspace at the task's base, with the work in progress of an earlier run where there is some that fits; else afresh. */
export async function begin(task: Task, workspace: string, { folder, note, log }: Starting): Promise<Start> {
  const checkout = await checkOut(task, workspace, path.join(folder, "ours.git"));
  if (!task.resume) return { checkout, resumed: false };
  try {
    await putBack(task, task.resume, checkout, path.join(folder, "resume.bundle"));
    note("resume", { text: `It goes on with ${task.resume.sha}.` });
    log(`It goes on with the work in progress of an earlier run, ${task.resume.sha}.`);
    return { checkout, resumed: true };
  } catch (error) {
    const text = `The work in progress of an earlier run could not be taken over, so it starts afresh: ${messageOf(error)}`;
    note("resume", { text });
    log(text);
    await cleanUp(workspace);
    return { checkout: await checkOut(task, workspace, path.join(folder, "afresh.git")), resumed: false };
  }
}

/** The files of the kept commit, staged and not committed: what is published is one commit on the base, whoever made which part of it. */
async function putBack(task: Task, { sha, url }: NonNullable<Task["resume"]>, checkout: Checkout, file: string): Promise<void> {
  const bytes = await getBytes({ url, bearer: task.capability });
  if (bytes.length > MOST_CHECKPOINT) throw new Error(`the bundle has ${bytes.length} bytes.`);
  await writeFile(file, bytes);
  // No agent has worked here yet, so the workspace's own git may still be asked.
  const there = { cwd: checkout.workspace };
  await git(["bundle", "verify", "--quiet", file], there);
  await git(["fetch", "--quiet", "--no-tags", file, "+refs/heads/*:refs/rig/kept/*"], there);
  const parents = (await git(["show", "--no-patch", "--format=%P", `${sha}^{commit}`, "--"], there)).stdout.trim();
  if (parents !== checkout.parents.join(" ")) throw new Error(`it stands on ${parents}, and this run on ${checkout.parents.join(" ")}.`);
  await git(["read-tree", "--reset", "-u", sha], there);
}
