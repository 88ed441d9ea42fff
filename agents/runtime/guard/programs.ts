/** Which programs a script runs: behind reserved words, assignments and programs that only start another one. */
import path from "node:path";
import { commandsOf, type SimpleCommand } from "./script.ts";

export interface Program extends Omit<SimpleCommand, "words" | "pipedFrom" | "substituted"> {
  /** Without its folder: `/usr/bin/sudo` is `sudo`. */
  readonly name: string;
  readonly args: readonly string[];
  readonly pipedFrom: readonly Program[];
  readonly substituted: readonly Program[];
}

/** A script inside a script, this deep. */
const DEEPEST = 5;

/** Every program of a script in order, those of scripts inside it too (`bash -c '…'`, `eval …`, a here-document for a shell). */
export function programsOf(script: string, depth = 0): readonly Program[] {
  const known = new Map<SimpleCommand, Program>();
  return commandsOf(script).flatMap((command) => {
    const program = programOf(command, known);
    const inner = depth < DEEPEST ? scriptsIn(program) : [];
    return [program, ...inner.flatMap((text) => programsOf(text, depth + 1))];
  });
}

export const isShell = (name: string) => /^(?:ba|da|z|k|a)?sh$/.test(name);

function scriptsIn({ name, args, redirects }: Program): readonly string[] {
  if (name === "eval") return [args.join(" ")];
  if (!isShell(name)) return [];
  const at = args.findIndex((arg) => /^-[a-z]*c$/.test(arg));
  const documents = redirects.filter(({ operator }) => operator === "<<" || operator === "<<<").map(({ target }) => target);
  return at < 0 ? documents : [args[at + 1] ?? ""];
}

function programOf(command: SimpleCommand, known: Map<SimpleCommand, Program>): Program {
  const found = known.get(command);
  if (found) return found;
  const [name = "", ...args] = withoutStarters(command.words);
  const program = {
    ...{ redirects: command.redirects, inBackground: command.inBackground },
    name: path.posix.basename(name),
    args,
    pipedFrom: command.pipedFrom.map((other) => programOf(other, known)),
    substituted: command.substituted.map((other) => programOf(other, known)),
  };
  known.set(command, program);
  return program;
}

const RESERVED = new Set(["if", "then", "else", "elif", "do", "while", "until", "!", "time", "{", "}", "fi", "done"]);

/** Programs that start the one named after their options, and which of these take a word of their own. */
const starters: Readonly<Record<string, { readonly taking: RegExp; readonly words?: number }>> = {
  builtin: { taking: /^$/ },
  command: { taking: /^$/ },
  env: { taking: /^-[uCS]$/ },
  exec: { taking: /^-a$/ },
  ionice: { taking: /^-[cnp]$/ },
  nice: { taking: /^-n$/ },
  nohup: { taking: /^$/ },
  setsid: { taking: /^$/ },
  stdbuf: { taking: /^-[ioe]$/ },
  timeout: { taking: /^-[ks]$/, words: 1 },
  xargs: { taking: /^-[adEILnPs]$/ },
};

function withoutStarters(words: readonly string[]): readonly string[] {
  const left = [...words];
  while (left.length > 0) {
    const first = left[0] ?? "";
    const starter = starters[path.posix.basename(first)];
    if (RESERVED.has(first) || /^\w+\+?=/.test(first)) left.shift();
    else if (starter && left.length > 1) {
      // `command -v name` only asks where it is.
      if (first === "command" && /^-[vV]/.test(left[1] ?? "")) return left;
      left.shift();
      while (left[0]?.startsWith("-")) left.splice(0, starter.taking.test(left[0]) ? 2 : 1);
      left.splice(0, starter.words ?? 0);
    } else return left;
  }
  return left;
}
