/** Starts a program in a process group of its own, which ends with it. */
import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { finished } from "node:stream/promises";

/** A program to start, and what ends those of its processes that left its group. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly sweep?: (() => Promise<void>) | undefined;
}

/** A program that lives on beside the agent. */
export interface Started {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Its exit code; null when a signal ended it. Rejects when it could not be started. */
  readonly exited: Promise<number | null>;
  /** Ends it and all it started. */
  readonly kill: () => void;
}

export function start(program: Program): Started {
  const child = spawn(program.command, program.args, { env: program.env, cwd: "/", detached: true, stdio: ["pipe", "pipe", "pipe"] });
  // Whoever writes to a program that is gone learns it from `exited`.
  child.stdin.on("error", () => undefined);
  return { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, ...group(child, program.sweep) };
}

/** The process group that a detached child leads: it ends with the child. */
export function group(child: ChildProcess, sweep: Program["sweep"]): Pick<Started, "exited" | "kill"> {
  let over = false;
  const kill = () => {
    if (!over && child.pid !== undefined) killGroup(child.pid);
  };
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (exitCode) => {
      kill();
      over = true;
      // Not before the sweep is over: what is started next must not be swept away.
      Promise.resolve(sweep?.()).then(() => resolve(exitCode), reject);
    });
  });
  exited.catch(() => undefined);
  return { exited, kill };
}

/** Only where nothing confines it does a process outlive its group, and could keep the output open. */
const LINGERING = 2_000;

/** Waits until all has been read that an ended program wrote. */
export async function drained({ stdout, stderr }: Pick<Started, "stdout" | "stderr">): Promise<void> {
  const signal = AbortSignal.timeout(LINGERING);
  await Promise.allSettled([finished(stdout, { signal }), finished(stderr, { signal })]);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group is already gone.
  }
}
