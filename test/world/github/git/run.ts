import { spawn } from "node:child_process";

/** What git may see of this process: nothing of the machine's own configuration. */
export const gitEnvironment = (): Record<string, string> => ({
  PATH: process.env.PATH ?? "/usr/bin:/bin",
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_TERMINAL_PROMPT: "0",
});

export class GitError extends Error {
  readonly exitCode: number | null;
  readonly stdout: string;

  constructor(args: readonly string[], exitCode: number | null, stdout: string, stderr: string) {
    super(`git ${args.join(" ")} ended with ${exitCode}: ${stderr.trim()}`);
    this.name = "GitError";
    this.exitCode = exitCode;
    this.stdout = stdout;
  }
}

export interface GitOptions {
  readonly stdin?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs git in a repository and answers its output in bytes: file contents are not always text, which rules out tinyexec here. */
export function git(dir: string, args: readonly string[], { stdin, env }: GitOptions = {}): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", args, { cwd: dir, env: { ...gitEnvironment(), ...env } });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.stdin.on("error", () => {}); // git may end before it has read everything; its exit code tells
    child.on("error", reject);
    child.on("close", (code) => {
      const stdout = Buffer.concat(out);
      if (code === 0) resolve(stdout);
      else reject(new GitError(args, code, stdout.toString(), Buffer.concat(err).toString()));
    });
    child.stdin.end(stdin);
  });
}

export const gitText = async (dir: string, args: readonly string[], options?: GitOptions) => (await git(dir, args, options)).toString();
