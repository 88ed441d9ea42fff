/** Starts a program in a process group of its own and ends the whole group when its time is over. */
import { spawn } from "node:child_process";
import { plain } from "../text.ts";

/** Bytes of output kept: the first and the last half of it (R25). */
const KEPT = 5 * 1024 * 1024;

export interface CommandResult {
  /** Null: ended by a signal. */
  readonly exitCode: number | null;
  /** Standard output and standard error as they came. */
  readonly output: string;
  readonly timedOut: boolean;
}

export interface Execution {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly sweep?: (() => Promise<void>) | undefined;
}

export function execute({ command, args, env, timeoutMs, signal, sweep }: Execution): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const child = spawn(command, args, { env, cwd: "/", detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const output = boundedOutput();
    let timedOut = false;
    const kill = () => {
      if (child.pid !== undefined) killGroup(child.pid);
    };
    const timer = setTimeout(() => {
      timedOut = true;
      kill();
    }, timeoutMs);
    signal?.addEventListener("abort", kill, { once: true });
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", kill);
    };
    child.stdout.on("data", output.add);
    child.stderr.on("data", output.add);
    child.once("error", (error) => {
      done();
      reject(error);
    });
    let swept: Promise<void> | undefined;
    child.once("exit", () => {
      kill();
      swept = sweep?.();
    });
    child.once("close", (exitCode) => {
      done();
      const result = { exitCode, output: plain(output.bytes()), timedOut };
      // Not before the sweep is over, or it would end the next command too.
      Promise.resolve(swept).then(() => resolve(result), reject);
    });
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group is already gone.
  }
}

function boundedOutput() {
  const head: Buffer[] = [];
  const tail: Buffer[] = [];
  let headSize = 0;
  let tailSize = 0;
  let dropped = 0;
  return {
    add: (chunk: Buffer) => {
      if (headSize < KEPT / 2) {
        head.push(chunk);
        headSize += chunk.length;
        return;
      }
      tail.push(chunk);
      tailSize += chunk.length;
      while (tailSize > KEPT / 2 && tail.length > 1) {
        const size = tail.shift()?.length ?? 0;
        tailSize -= size;
        dropped += size;
      }
    },
    bytes: () => Buffer.concat(dropped > 0 ? [...head, Buffer.from(`\n[… ${dropped} bytes left out …]\n`), ...tail] : [...head, ...tail]),
  };
}
