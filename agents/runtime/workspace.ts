/** The checkout: put at the task's base before the agent, made into one commit and a bundle after it. */
import { lstat } from "node:fs/promises";
import path from "node:path";
import { git } from "./git.ts";
import type { Task } from "./task.ts";

/**
 * A repository of our own beside the workspace. Once the agent has worked, the workspace's `.git` is a stranger's: its
 * configuration could name programs to run. So nothing of it is read again; only the files count.
 */
export interface Checkout {
  readonly workspace: string;
  readonly gitDir: string;
  readonly branch: string;
  readonly parents: readonly string[];
}

/** Puts the workspace on the task's branch at its base; for a rebase the default branch is merged in, conflicts left in the files. */
export async function checkOut(task: Task, workspace: string, gitDir: string): Promise<Checkout> {
  const there = { cwd: workspace };
  if (!(await lstat(path.join(workspace, ".git")).catch(() => undefined))) {
    throw new Error(`${workspace} is not a checkout of ${task.repository.owner}/${task.repository.name}; actions/checkout goes before.`);
  }
  await git(["cat-file", "-e", `${task.baseSha}^{commit}`], there).catch(() => {
    throw new Error(`The checkout lacks ${task.baseSha}, where the work starts; actions/checkout needs fetch-depth: 0.`);
  });
  await git(["checkout", "--quiet", "--force", "-B", task.branch, task.baseSha], there);
  await git(["init", "--quiet", "--bare", gitDir], { cwd: path.dirname(gitDir) });
  const ours = { cwd: gitDir, gitDir };
  await git(["fetch", "--quiet", "--depth=1", "--no-tags", `file://${workspace}`, `refs/heads/${task.branch}`], ours);
  const parents = [task.baseSha];
  if (task.kind === "rebase") parents.push(await mergeDefaultBranch(task, workspace, gitDir));
  await git(["update-ref", `refs/heads/${task.branch}`, task.baseSha], ours);
  await git(["symbolic-ref", "HEAD", `refs/heads/${task.branch}`], ours);
  await git(["read-tree", task.baseSha], ours);
  return { workspace, gitDir, branch: task.branch, parents };
}

async function mergeDefaultBranch(task: Task, workspace: string, gitDir: string): Promise<string> {
  const ref = `refs/remotes/origin/${task.repository.defaultBranch}`;
  const theirs = (await git(["rev-parse", "--verify", "--end-of-options", `${ref}^{commit}`], { cwd: workspace })).stdout.trim();
  const env = {
    GIT_AUTHOR_NAME: "rig",
    GIT_AUTHOR_EMAIL: "rig@localhost",
    GIT_COMMITTER_NAME: "rig",
    GIT_COMMITTER_EMAIL: "rig@localhost",
  };
  await git(["merge", "--no-commit", "--no-ff", theirs], { cwd: workspace, env, accept: [1] });
  await git(["fetch", "--quiet", "--depth=1", "--no-tags", `file://${workspace}`, ref], { cwd: gitDir, gitDir });
  return theirs;
}

/** Puts a workspace back to what the checkout left, without what a failed beginning added. */
export async function cleanUp(workspace: string): Promise<void> {
  await git(["reset", "--quiet", "--hard"], { cwd: workspace });
  await git(["clean", "--quiet", "-ffd"], { cwd: workspace });
}

export interface Author {
  readonly name: string;
  readonly email: string;
}

/** Everything changed becomes one commit. Answers its SHA, or undefined when nothing changed. */
export async function commitAll(checkout: Checkout, message: string, author: Author, at: Date): Promise<string | undefined> {
  const { gitDir, workspace, branch, parents } = checkout;
  const ours = { cwd: gitDir, gitDir, workTree: workspace };
  await git(["add", "--all", "--", "."], ours);
  const tree = (await git(["write-tree"], ours)).stdout.trim();
  const before = (await git(["rev-parse", `${parents[0]}^{tree}`], ours)).stdout.trim();
  if (tree === before && parents.length === 1) return undefined;
  const date = at.toISOString();
  const env = {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
    GIT_COMMITTER_DATE: date,
  };
  const commit = await git(["commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent]), "-F", "-"], {
    ...ours,
    env,
    stdin: message,
  });
  const sha = commit.stdout.trim();
  await git(["update-ref", `refs/heads/${branch}`, sha], ours);
  return sha;
}

/** One file with the new commit, for whoever has the base. */
export async function bundle({ gitDir, branch, parents }: Checkout, file: string): Promise<void> {
  await git(["bundle", "create", "--quiet", file, `refs/heads/${branch}`, ...parents.map((parent) => `^${parent}`)], {
    cwd: gitDir,
    gitDir,
  });
}
