import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { resolve as absolute, join } from "node:path";
import { commandFiles } from "./command-files.ts";
import { text } from "./expressions.ts";
import { type Machine, processEnvironment } from "./machine.ts";
import { runProcess } from "./processes.ts";
import { type Call, FailedWithOutputs } from "./step.ts";
import { resolve } from "./template.ts";

const SHELLS: Readonly<Record<string, readonly string[]>> = {
  "": ["bash", "-e", "{0}"],
  bash: ["bash", "--noprofile", "--norc", "-eo", "pipefail", "{0}"],
  sh: ["sh", "-e", "{0}"],
  python: ["python3", "{0}"],
};

/** Performs a `run:` step. */
export async function runScript({ frame, step, scope, env, cancelled }: Call): Promise<Readonly<Record<string, string>>> {
  const { machine } = frame;
  const shell = text(resolve(step.shell ?? frame.runDefaults.shell, scope));
  const [command = "", ...args] = SHELLS[shell] ?? shell.split(" ");
  const script = join(machine.temp, `${randomUUID()}.sh`);
  await writeFile(script, text(resolve(step.run, scope)));
  const cwd = absolute(machine.workspace, text(resolve(step.workingDirectory ?? frame.runDefaults["working-directory"], scope)));
  return runWithFiles(
    machine,
    command,
    args.map((arg) => arg.replace("{0}", script)),
    { cwd, env, own: { GITHUB_ACTION: step.id }, cancelled },
  );
}

interface Invocation {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Variables nothing overrides. */
  readonly own: Readonly<Record<string, string>>;
  readonly cancelled: AbortSignal;
  /** Gets what was written to `GITHUB_STATE`. */
  readonly keepState?: (state: Readonly<Record<string, string>>) => void;
}

/** Runs a process as a step and takes over what it wrote to its command files. */
export async function runWithFiles(
  machine: Machine,
  command: string,
  args: readonly string[],
  invocation: Invocation,
): Promise<Readonly<Record<string, string>>> {
  const { log } = machine.job;
  const files = await commandFiles(machine.temp);
  const env = processEnvironment(machine, invocation.env, { ...files.environment, ...invocation.own });
  const code = await runProcess(command, args, {
    cwd: invocation.cwd,
    env,
    printed: log.printed,
    cancelled: invocation.cancelled,
    dead: machine.run.dead.signal,
    frozen: machine.run.frozen.signal,
  });
  const written = await files.read();
  const refused = Object.keys(written.env).filter(
    (name) => name === "NODE_OPTIONS" || name.startsWith("GITHUB_") || name.startsWith("RUNNER_"),
  );
  for (const name of refused) log.note(`##[error]Can't store ${name} output parameter using '$GITHUB_ENV' command.`);
  machine.env = { ...machine.env, ...Object.fromEntries(Object.entries(written.env).filter(([name]) => !refused.includes(name))) };
  machine.path = [...written.path.toReversed(), ...machine.path];
  invocation.keepState?.(written.state);
  if (written.summary !== "") log.note(`##[summary]${written.summary}`);
  if (invocation.cancelled.aborted) throw new FailedWithOutputs("The operation was canceled.", written.outputs);
  if (code !== 0) throw new FailedWithOutputs(`Process completed with exit code ${code}.`, written.outputs);
  return written.outputs;
}
