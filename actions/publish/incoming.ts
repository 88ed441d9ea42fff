/** A fresh repository with what GitHub has, and beside it what the run left: one commit on the granted branch, or nothing. */
import path from "node:path";
import { type GitOptions, git } from "../../agents/runtime/git.ts";
import type { PublishGrant } from "../../agents/runtime/task.ts";
import { GuardError } from "./guard-error.ts";
import { land } from "./landing.ts";
import { overNetwork } from "./over-network.ts";

export interface Incoming {
  readonly repository: GitOptions;
  readonly commit: string;
  readonly parents: readonly string[];
  readonly message: string;
  /** Already on GitHub: an earlier try of this job pushed it. */
  readonly pushed: boolean;
}

/** The remote as git shall call it, with the token told by environment only. */
export interface Remote {
  readonly url: string;
  readonly token: string;
}

export async function receive(folder: string, bundle: string, remote: Remote, grant: PublishGrant): Promise<Incoming> {
  const repository = await mirror(folder, remote, grant);
  const commit = await land(bundle, grant.branch, repository);
  const message = (await git(["cat-file", "commit", commit], repository)).stdout;
  const headers = message.slice(0, message.indexOf("\n\n")).split("\n");
  const foreign = headers.find((line) => !/^(?:tree|parent|author|committer) /.test(line));
  if (foreign !== undefined)
    throw new GuardError("commit", `The commit has a header that no run writes: ${JSON.stringify(foreign.split(" ")[0])}.`);
  const parents = headers.flatMap((line) => /^parent (\S+)$/.exec(line)?.[1] ?? []);
  await checkParents(parents, grant, repository);
  const tip = (await git(["rev-parse", "--verify", "--quiet", "refs/rig/branch"], { ...repository, accept: [1] })).stdout.trim();
  const pushed = tip === commit;
  if (tip !== "" && !pushed && tip !== grant.baseSha) {
    throw new GuardError("fast-forward", `${grant.branch} is at ${tip} on GitHub, no longer at ${grant.baseSha} where this run began.`);
  }
  return { repository, commit, parents, message, pushed };
}

async function mirror(gitDir: string, { url, token }: Remote, grant: PublishGrant): Promise<GitOptions> {
  await git(["init", "--quiet", "--bare", gitDir], { cwd: path.dirname(gitDir) });
  const header = `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
  const repository: GitOptions = {
    cwd: gitDir,
    gitDir,
    config: {
      [`http.${url}.extraHeader`]: header,
      "http.followRedirects": "false",
      "http.lowSpeedLimit": "1000",
      "http.lowSpeedTime": "30",
    },
  };
  const ours = `refs/heads/${grant.branch}`;
  const { stdout } = await overNetwork(["ls-remote", "--heads", url, ours], repository);
  const refs = [
    `+refs/heads/${grant.repository.defaultBranch}:refs/rig/default`,
    ...(stdout.trim() === "" ? [] : [`+${ours}:refs/rig/branch`]),
  ];
  await overNetwork(["fetch", "--quiet", "--no-tags", url, ...refs], repository);
  return repository;
}

/** One commit on the recorded base; for a rebase it also merges a state of the default branch. */
async function checkParents([base, ...merged]: readonly string[], grant: PublishGrant, repository: GitOptions): Promise<void> {
  if (base !== grant.baseSha)
    throw new GuardError("base", `The change stands on ${base || "nothing"}, not on ${grant.baseSha} where the run began.`);
  const known = async (commit: string, ref: string) =>
    (await git(["merge-base", "--is-ancestor", commit, ref], { ...repository, accept: [1, 128] })).exitCode === 0;
  if (!(await known(base, "refs/rig/default")) && !(await known(base, "refs/rig/branch"))) {
    throw new GuardError(
      "base",
      `GitHub does not have ${base}, where the run began, on ${grant.repository.defaultBranch} or ${grant.branch}.`,
    );
  }
  if (merged.length > 1) throw new GuardError("base", `The change merges ${merged.length} other lines of work; one is allowed.`);
  for (const commit of merged) {
    if (!(await known(commit, "refs/rig/default")))
      throw new GuardError("base", `The change merges ${commit}, which is not on ${grant.repository.defaultBranch}.`);
  }
}
