import { spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { createInterface } from "node:readline";

const GRACE_MS = 2_000;
/** How long after its end a process's last words are waited for: something it left behind may hold the pipe. */
const LAST_WORDS_MS = 300;

export interface ProcessOptions {
  readonly cwd: string;
  /** All of it: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly printed: (line: string) => void;
  /** Asks to end: SIGTERM to the group, SIGKILL two seconds later. */
  readonly cancelled: AbortSignal;
  /** The machine is gone: SIGKILL to the group. */
  readonly dead: AbortSignal;
  /** The machine stands still: SIGSTOP to the group. Only SIGKILL ends it then. */
  readonly frozen?: AbortSignal;
}

/** Runs a program in a process group of its own and answers its exit code, or the signal that ended it. */
export async function runProcess(command: string, args: readonly string[], options: ProcessOptions): Promise<number | NodeJS.Signals> {
  options.dead.throwIfAborted();
  const child = spawn(command, args, { cwd: options.cwd, env: { ...options.env }, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const signalGroup = (signal: NodeJS.Signals) => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // The group is gone already.
    }
  };
  const exited = Promise.withResolvers<number | NodeJS.Signals>();
  child.once("error", (error) => exited.reject(new Error(`${command} cannot be started: ${error.message}`)));
  child.once("exit", (code, signal) => {
    if (options.cancelled.aborted || options.dead.aborted) signalGroup("SIGKILL");
    exited.resolve(code ?? signal ?? "SIGKILL");
  });
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", options.printed);

  let timer: NodeJS.Timeout | undefined;
  const cancel = () => {
    signalGroup("SIGTERM");
    timer = setTimeout(() => signalGroup("SIGKILL"), GRACE_MS);
  };
  const die = () => signalGroup("SIGKILL");
  const freeze = () => signalGroup("SIGSTOP");
  options.cancelled.addEventListener("abort", cancel);
  options.dead.addEventListener("abort", die);
  options.frozen?.addEventListener("abort", freeze);
  if (options.cancelled.aborted) cancel();
  try {
    const code = await exited.promise;
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS).unref())]);
    return code;
  } finally {
    clearTimeout(timer);
    options.cancelled.removeEventListener("abort", cancel);
    options.dead.removeEventListener("abort", die);
    options.frozen?.removeEventListener("abort", freeze);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

/** Ends what a job left running, found as GitHub's runner finds it: by the tracking id in its environment. */
export async function endOrphans(trackingId: string): Promise<void> {
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
      if (!environment.split("\0").includes(`RUNNER_TRACKING_ID=${trackingId}`)) return;
      try {
        process.kill(Number(pid), "SIGKILL");
      } catch {
        // It ended by itself.
      }
    }),
  );
}
