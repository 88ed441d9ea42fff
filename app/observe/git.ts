/** The git binary, so that nothing a stranger wrote can make it run a program or reach another place. */
import { spawn } from "node:child_process";

/** Told on every call: no hooks, no monitors, no other transport than these, no redirect that a token would follow. */
const always = {
  "core.hooksPath": "/dev/null",
  "core.fsmonitor": "false",
  "core.quotePath": "false",
  "credential.helper": "",
  "gc.auto": "0",
  "http.followRedirects": "false",
  "http.lowSpeedLimit": "1000",
  "http.lowSpeedTime": "20",
  "protocol.allow": "never",
  "protocol.http.allow": "always",
  "protocol.https.allow": "always",
  "safe.directory": "*",
  "submodule.recurse": "false",
} as const;

export interface GitCall {
  /** Where to run: a repository, bare or not. */
  readonly cwd: string;
  readonly stdin?: string | Buffer;
  /** More configuration, told by environment and so in no process list: a token may stand here. */
  readonly config?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly mostBytes?: number;
  /** Exit codes that are an answer; 0 is always one. */
  readonly accept?: readonly number[];
}

/** git refused, broke off or could not be started; `kind` says whose fault that is. */
export class GitFailure extends Error {
  readonly kind: "failed" | "missing" | "timeout" | "too large";

  constructor(message: string, kind: GitFailure["kind"]) {
    super(message);
    this.name = "GitFailure";
    this.kind = kind;
  }
}

const TIMEOUT_MS = 60_000;
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_WORDS = 10_000;

/**
 * Runs git and answers its output in bytes: what files hold is not always text, and nothing of our own environment may reach it, both of
 * which rule out tinyexec here.
 */
export function git(args: readonly string[], call: GitCall): Promise<Buffer> {
  const { cwd, stdin = "", timeoutMs = TIMEOUT_MS, mostBytes = MOST_BYTES, accept = [] } = call;
  return new Promise((resolve, reject) => {
    const child = spawn("git", args, { cwd, env: environment(call.config ?? {}), timeout: timeoutMs, killSignal: "SIGKILL" });
    const out: Buffer[] = [];
    let size = 0;
    let words = "";
    let failure: GitFailure | undefined;
    const fail = (message: string, kind: GitFailure["kind"]) => {
      failure ??= new GitFailure(`git ${args[0]} ${message}`, kind);
      child.kill("SIGKILL");
    };
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > mostBytes) fail(`answered more than ${mostBytes} bytes.`, "too large");
      else out.push(chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      words = (words + chunk).slice(-MOST_WORDS);
    });
    child.stdin.on("error", () => {}); // It may end before it has read everything; its exit code tells.
    child.on("error", (error) => {
      const missing = "code" in error && error.code === "ENOENT";
      reject(new GitFailure(`git could not be started in ${cwd}: ${error.message}`, missing ? "missing" : "failed"));
    });
    child.on("close", (code, signal) => {
      if (failure) reject(failure);
      else if (code === 0 || (code !== null && accept.includes(code))) resolve(Buffer.concat(out));
      else if (signal) reject(new GitFailure(`git ${args[0]} did not end within ${timeoutMs / 1000} seconds.`, "timeout"));
      else reject(new GitFailure(`git ${args[0]} ended with ${code}: ${words.trim()}`, "failed"));
    });
    child.stdin.end(stdin);
  });
}

function environment(config: Readonly<Record<string, string>>): Record<string, string> {
  const settings = Object.entries({ ...always, ...config });
  return {
    PATH: "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin",
    HOME: "/nonexistent",
    LC_ALL: "C.UTF-8",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_NO_LAZY_FETCH: "1",
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], n) => [
        [`GIT_CONFIG_KEY_${n}`, key],
        [`GIT_CONFIG_VALUE_${n}`, value],
      ]),
    ),
  };
}
