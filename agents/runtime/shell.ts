/**
 * One bash that lives from call to call: its folder, variables, functions and background processes last. A command is read as
 * a string, with nothing on its standard input. When it is over the shell says so beside its output, with a word that is new
 * for every call: no output can pretend an end. A command that takes too long, or ends the shell, ends all it started.
 */
import { randomBytes } from "node:crypto";
import type { CommandResult } from "./sandbox/execute.ts";
import { quoted } from "./sandbox/quoted.ts";
import type { Command, Sandbox } from "./sandbox/sandbox.ts";
import { drained, type Started } from "./sandbox/start.ts";
import { type Cut, cutStream } from "./shell-output.ts";
import { plain } from "./text.ts";

export interface ShellResult extends CommandResult {
  /** The shell is gone with all it knew; the next call gets a new one. */
  readonly shellEnded: boolean;
}

export interface Shell {
  /** One command at a time: the next one waits. Output of what still runs in the background comes with the next command's. */
  readonly run: (command: Command) => Promise<ShellResult>;
  /** Where it was after the last command; undefined: where a new one begins. */
  readonly folder: () => string | undefined;
  readonly close: () => Promise<void>;
}

/** Starts nothing yet: the first command does. */
export function openShell(sandbox: Pick<Sandbox, "start">): Shell {
  let living: Living | undefined;
  let folder: string | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function runNow(command: Command): Promise<ShellResult> {
    if (command.script.includes("\0")) throw new Error("The script holds a NUL character, which no shell can read.");
    command.signal?.throwIfAborted();
    living ??= begin(sandbox);
    const { folder: now, ...result } = await converse(living, command);
    if (result.shellEnded) living = undefined;
    folder = now;
    return result;
  }

  return {
    run: (command) => {
      const result = last.then(() => runNow(command));
      last = result.catch(() => undefined);
      return result;
    },
    folder: () => folder,
    close: async () => {
      living?.program.kill();
      await living?.program.exited.catch(() => undefined);
      living = undefined;
    },
  };
}

interface Living {
  readonly program: Started;
  /** What commands print. */
  readonly output: Cut;
  /** What the shell itself says about their ends. */
  readonly control: Cut;
}

/** Under these numbers the shell keeps its way to us; a command does not get them. */
const OUTPUT = 201;
const CONTROL = 202;

function begin(sandbox: Pick<Sandbox, "start">): Living {
  const program = sandbox.start(`exec ${OUTPUT}>&1 ${CONTROL}>&2 2>&1; exec bash --noprofile --norc`);
  return { program, output: cutStream(program.stdout), control: cutStream(program.stderr) };
}

/** What a command sets of these does not last: the first failure or unset name of a later one would end the shell. */
const OPTIONS = "builtin set +euvx; builtin set +o pipefail";

function said(script: string, word: string): string {
  const reported = `builtin printf '%d %s%s' "$?" "$PWD" ${word} >&${CONTROL}; builtin printf %s ${word} >&${OUTPUT}; ${OPTIONS}`;
  return [
    // After a quote that was left open bash takes the next line's first word for no reserved one.
    ":",
    `{ eval -- ${quoted(script)}; } < /dev/null >&${OUTPUT} 2>&1 ${OUTPUT}>&- ${CONTROL}>&-; { ${reported}; } 2> /dev/null`,
    "",
  ].join("\n");
}

async function converse(
  { program, output, control }: Living,
  { script, timeoutMs, signal }: Command,
): Promise<ShellResult & { readonly folder?: string }> {
  const word = `end-${randomBytes(16).toString("hex")}`;
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    program.kill();
  }, timeoutMs);
  signal?.addEventListener("abort", program.kill, { once: true });
  try {
    const over = Promise.all([control.upTo(word), output.upTo(word)]);
    program.stdin.write(said(script, word));
    const ended = await Promise.race([over, program.exited]);
    if (Array.isArray(ended)) {
      const [told, printed] = ended;
      const [code = "", ...folder] = told.toString().split(" ");
      return { exitCode: Number(code), folder: folder.join(" "), output: plain(printed), timedOut: false, shellEnded: false };
    }
    await drained(program);
    return { exitCode: ended, output: plain(Buffer.concat([output.rest(), control.rest()])), timedOut, shellEnded: true };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", program.kill);
  }
}
