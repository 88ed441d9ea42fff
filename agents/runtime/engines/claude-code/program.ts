/** The program behind the conversation. It is started here, so that it can be ended here: at once, with nothing left behind. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Spawn } from "./sdk.ts";

export function programs() {
  const started: ChildProcess[] = [];
  const begin: Spawn = ({ command, args, cwd, env }) => {
    const program = spawn(command, args, { cwd, env, stdio: ["pipe", "pipe", "ignore"] });
    // What is still written to a program that was ended is of no use to anybody.
    program.stdin.on("error", () => {});
    started.push(program);
    return program;
  };
  return {
    begin,
    /** Ends those that still run, and waits until they have. */
    end: async (): Promise<void> => {
      for (const program of started) {
        if (program.pid === undefined || program.exitCode !== null || program.signalCode !== null) continue;
        const ended = once(program, "exit");
        program.kill("SIGKILL");
        await ended;
      }
    },
  };
}
