/** The git binary, so that nothing a stranger wrote can make it run a program. */
import { exec } from "tinyexec";

/** Told on every call: no hooks, no monitors, no submodule is entered, no other transport than these. */
const always = {
  "core.hooksPath": "/dev/null",
  "core.fsmonitor": "false",
  "core.pager": "cat",
  "core.quotePath": "false",
  "commit.gpgSign": "false",
  "diff.ignoreSubmodules": "all",
  "gc.auto": "0",
  "protocol.ext.allow": "never",
  "safe.directory": "*",
  "submodule.recurse": "false",
} as const;

export interface GitOptions {
  /** Where to run. Never a place an agent can write to, when `gitDir` is ours. */
  readonly cwd: string;
  /** Our own repository, for a work tree whose `.git` is not ours to trust. */
  readonly gitDir?: string;
  readonly workTree?: string;
  /** More configuration, told by environment and so in no process list: tokens may stand here. */
  readonly config?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are an answer. */
  readonly accept?: readonly number[];
  readonly signal?: AbortSignal;
  readonly stdin?: string;
}

export interface GitAnswer {
  readonly stdout: string;
  readonly exitCode: number;
}

/** Runs git; throws with its own words when it fails. */
export async function git(args: readonly string[], options: GitOptions): Promise<GitAnswer> {
  const settings = Object.entries({ ...always, ...options.config });
  const run = exec("git", args, {
    // tinyexec would put node_modules/.bin of the working directory first in PATH: an agent's file named git would run.
    nodePath: false,
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.stdin === undefined ? {} : { stdin: options.stdin }),
    nodeOptions: {
      cwd: options.cwd,
      env: {
        ...nothingInherited(),
        PATH: process.env.PATH,
        HOME: "/nonexistent",
        LC_ALL: "C.UTF-8",
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_CONFIG_GLOBAL: "/dev/null",
        GIT_ATTR_NOSYSTEM: "1",
        GIT_TERMINAL_PROMPT: "0",
        GIT_OPTIONAL_LOCKS: "0",
        GIT_NO_REPLACE_OBJECTS: "1",
        ...(options.gitDir ? { GIT_DIR: options.gitDir } : {}),
        ...(options.workTree ? { GIT_WORK_TREE: options.workTree } : {}),
        GIT_CONFIG_COUNT: String(settings.length),
        ...Object.fromEntries(
          settings.flatMap(([key, value], n) => [
            [`GIT_CONFIG_KEY_${n}`, key],
            [`GIT_CONFIG_VALUE_${n}`, value],
          ]),
        ),
        ...options.env,
      },
    },
  });
  const { stdout, stderr } = await run;
  const exitCode = run.exitCode ?? -1;
  if (exitCode !== 0 && !options.accept?.includes(exitCode)) {
    throw new Error(`git ${args[0]} failed (${run.signalCode ?? exitCode}): ${stderr.trim().slice(-2_000) || stdout.trim().slice(-500)}`);
  }
  return { stdout, exitCode };
}

/** tinyexec adds the process's own environment to what it is given; a variable set to undefined is not passed on. */
const nothingInherited = (): Record<string, undefined> => Object.fromEntries(Object.keys(process.env).map((name) => [name, undefined]));
