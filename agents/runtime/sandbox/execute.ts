/** Runs a program to its end, or until its time is over; then its whole process group ends. */
import { spawn } from "node:child_process";
import { plain } from "../text.ts";
import { boundedOutput } from "./bounded-output.ts";
import { drained, group, type Program } from "./start.ts";

export interface CommandResult {
  /** Null: ended by a signal. */
  readonly exitCode: number | null;
  /** Standard output and standard error as they came. */
  readonly output: string;
  readonly timedOut: boolean;
}

export interface Execution extends Program {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export async function execute({ command, args, env, sweep, timeoutMs, signal }: Execution): Promise<CommandResult> {
  signal?.throwIfAborted();
  const child = spawn(command, args, { env, cwd: "/", detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const { exited, kill } = group(child, sweep);
  const output = boundedOutput();
  let timedOut = false;
  child.stdout.on("data", output.add);
  child.stderr.on("data", output.add);
  const timer = setTimeout(() => {
    timedOut = true;
    kill();
  }, timeoutMs);
  signal?.addEventListener("abort", kill, { once: true });
  try {
    const exitCode = await exited;
    await drained(child);
    return { exitCode, output: plain(output.bytes()), timedOut };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", kill);
  }
}
