/** Real git repositories in temporary folders. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "@jest/globals";

const identity = {
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.com",
};

export function sh(cwd: string, ...args: readonly string[]): string {
  return execFileSync("git", ["-c", "safe.directory=*", ...args], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ...identity },
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();
}

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone after the test file. */
export function temporary(name = "rig-test-"): string {
  const folder = mkdtempSync(path.join(tmpdir(), name));
  made.push(folder);
  return folder;
}

/** Writes files by path, parents and all. */
export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}

export interface Origin {
  /** Folder that holds owner/name.git, as a server would. */
  readonly root: string;
  readonly bare: string;
  /** A checkout with full history, as actions/checkout leaves it. */
  readonly workspace: string;
  readonly head: string;
}

export function makeOrigin(files: Readonly<Record<string, string>>): Origin {
  const root = temporary();
  const bare = path.join(root, "acme", "shop.git");
  const workspace = path.join(root, "checkout");
  mkdirSync(bare, { recursive: true });
  sh(bare, "init", "--quiet", "--bare", "--initial-branch=main");
  sh(root, "init", "--quiet", "--initial-branch=main", workspace);
  write(workspace, files);
  sh(workspace, "add", "--all");
  sh(workspace, "commit", "--quiet", "-m", "Begin");
  sh(workspace, "remote", "add", "origin", bare);
  sh(workspace, "push", "--quiet", "origin", "main");
  sh(workspace, "fetch", "--quiet", "origin");
  return { root, bare, workspace, head: sh(workspace, "rev-parse", "HEAD") };
}
