import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Files, importCommit } from "../git/import.ts";
import { gitText } from "../git/run.ts";
import { branchSha } from "../git/store.ts";
import { findUser } from "../people.ts";
import { emailOf } from "../shapes/commit.ts";
import type { Repository } from "../state/repository.ts";
import { fullName, type World } from "../world.ts";

export interface PushedFiles {
  readonly branch: string;
  readonly files: Files;
  readonly message: string;
  /** Login; the push carries this person's own token. */
  readonly author: string;
  /** What a new branch starts from; the default branch unless told. */
  readonly from?: string;
  /** Starts from `from` although the branch exists: rewrites its history. */
  readonly force?: boolean;
}

/** A person commits and pushes, with real git over HTTP. Answers the new commit. */
export async function pushFiles(world: World, repository: Repository, wanted: PushedFiles): Promise<string> {
  const { git } = repository;
  const author = findUser(world, wanted.author);
  const token = [...world.tokens].find(([, owner]) => owner.kind === "person" && owner.user === author)?.[0];
  if (!token) throw new Error(`${wanted.author} has no token of their own to push with.`);
  const start = branchSha(git, wanted.from ?? repository.defaultBranch);
  const parent = wanted.force ? start : (branchSha(git, wanted.branch) ?? start);
  if (!parent) throw new Error(`${fullName(repository)} has no branch ${wanted.from ?? repository.defaultBranch} to start from.`);
  const clone = await mkdtemp(join(world.folder, "push-"));
  try {
    await gitText(clone, ["init", "--quiet", "--bare", "--template=", "."]);
    // The objects are read where they are: a clone would copy them first.
    await writeFile(join(clone, "objects/info/alternates"), `${join(git.dir, "objects")}\n`);
    const ref = `refs/heads/${wanted.branch}`;
    const identity = { name: author.login, email: emailOf(author) };
    await importCommit(clone, { ref, parent, files: wanted.files, message: wanted.message, author: identity, at: world.now() });
    const header = `http.extraHeader=Authorization: Basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
    const url = `${world.origin}/${fullName(repository)}.git`;
    await gitText(clone, ["-c", header, "push", "--quiet", ...(wanted.force ? ["--force"] : []), url, `${ref}:${ref}`]);
    return branchSha(git, wanted.branch) ?? "";
  } finally {
    await rm(clone, { recursive: true, force: true });
  }
}
