/** Where the files lie that a program names. */
import path from "node:path";
import type { Program } from "./programs.ts";

export interface Place {
  /** Absolute path of the checkout. */
  readonly workspace: string;
  /** Where the script is by now; undefined where only the shell knows. */
  readonly folder?: string | undefined;
}

/** What the shell would make of `~`, `$HOME`, `$PWD` and `$TMPDIR`; an absolute path. Undefined where another variable decides. */
export function absolute(name: string, { folder }: Place): string | undefined {
  const known = name
    .replace(/^~(?=\/|$)/, HOME)
    .replace(/\$(?:HOME\b|\{HOME\})/g, HOME)
    .replace(/\$(?:TMPDIR\b|\{TMPDIR\})/g, "/tmp")
    .replace(/\$(?:PWD\b|\{PWD\})/g, folder ?? "$PWD");
  // Whatever the variable holds, a path that begins with / begins there.
  const fixed = known.startsWith("/") ? known.replace(/\$.*$/, "") : known;
  if (fixed.startsWith("/")) return path.posix.normalize(fixed);
  return fixed.includes("$") || folder === undefined ? undefined : path.posix.resolve(folder, fixed);
}

/** Stands for the home folder: it is nobody's to delete, wherever it lies. */
const HOME = "/home/~";

export const isInside = (file: string, folder: string) => file === folder || file.startsWith(`${folder}/`);

/** Words that are no options. */
export const operands = (args: readonly string[]) => {
  const end = args.indexOf("--");
  const before = end < 0 ? args : args.slice(0, end);
  return [...before.filter((arg) => !arg.startsWith("-")), ...(end < 0 ? [] : args.slice(end + 1))];
};

const PRINTS = new Set(["echo", "printf", ":", "true", "test", "[", "[["]);
const PATTERN_FIRST = new Set(["grep", "egrep", "fgrep", "rg", "ag", "sed", "awk"]);

/** The files a program may read or change: its operands and where its input and output go, but not what it prints or searches for. */
export function filesOf(program: Program): readonly string[] {
  const { name, args, redirects } = program;
  const redirected = redirects.filter(({ operator }) => !operator.includes("<<")).map(({ target }) => target);
  if (PRINTS.has(name)) return redirected;
  const named = operands(args);
  const isPatternGiven = args.some((arg) => /^-(?:e|-regexp|-expression)/.test(arg));
  return [...(PATTERN_FIRST.has(name) && !isPatternGiven ? named.slice(1) : named), ...redirected];
}

const WRITES_ALL = new Set(["tee", "mv", "truncate", "touch", "rm", "unlink", "shred", "mkdir", "chmod", "chown"]);
const WRITES_LAST = new Set(["cp", "install", "ln", "rsync"]);

/** The files a program changes, as far as its words say so. */
export function writtenBy({ name, args, redirects }: Program): readonly string[] {
  const redirected = redirects.filter(({ operator }) => operator.includes(">")).map(({ target }) => target);
  const named = operands(args);
  if (WRITES_ALL.has(name)) return [...named, ...redirected];
  if (WRITES_LAST.has(name)) return [...named.slice(-1), ...redirected];
  if (name === "sed" && args.some((arg) => /^-[a-zA-Z]*i|^--in-place/.test(arg))) return [...named.slice(1), ...redirected];
  if (name === "git" && (args[0] === "rm" || args[0] === "mv")) return [...named.slice(1), ...redirected];
  if (name === "dd") return [...args.filter((arg) => arg.startsWith("of=")).map((arg) => arg.slice(3)), ...redirected];
  return redirected;
}
