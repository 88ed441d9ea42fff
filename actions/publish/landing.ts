/** Takes a bundle's objects into a repository, after git itself found them well-formed. */
import { appendFile, lstat } from "node:fs/promises";
import path from "node:path";
import { type GitOptions, git } from "../../agents/runtime/git.ts";
import { GuardError } from "./guard-error.ts";

const MOST_BYTES = 50 * 1024 * 1024;

/** Answers the commit of the one branch that was granted; anything else in the bundle refuses it. */
export async function land(bundle: string, branch: string, repository: GitOptions): Promise<string> {
  const file = await lstat(bundle).catch(() => undefined);
  if (!file?.isFile()) throw new GuardError("bundle", "The run says it made a change, but its artifact holds no work.bundle.");
  if (file.size > MOST_BYTES) throw new GuardError("bundle-size", `The bundle has ${file.size} bytes; the limit is ${MOST_BYTES}.`);
  const refused = (error: Error) => {
    throw new GuardError("bundle", `The bundle is not one this repository can take: ${error.message}`);
  };
  await git(["bundle", "verify", "--quiet", bundle], repository).catch(refused);
  const heads = (await git(["bundle", "list-heads", bundle], repository)).stdout.trim().split("\n");
  const granted = `refs/heads/${branch}`;
  const other = heads.find((head) => head.slice(head.indexOf(" ") + 1) !== granted);
  if (heads.length !== 1 || other !== undefined) {
    throw new GuardError("branch", `The bundle brings ${other ?? heads.length} where only ${granted} was granted.`);
  }
  await fetchChecked(bundle, granted, repository).catch(refused);
  return (await git(["rev-parse", "--verify", "refs/rig/incoming^{commit}"], repository)).stdout.trim();
}

/** Older gits (2.39) do not check what a bundle brings, only what another repository does: so it lands in one first. */
async function fetchChecked(bundle: string, ref: string, repository: GitOptions): Promise<void> {
  const gitDir = `${repository.cwd}-landing`;
  const landing: GitOptions = { cwd: gitDir, gitDir };
  await git(["init", "--quiet", "--bare", gitDir], { cwd: path.dirname(gitDir) });
  await appendFile(path.join(gitDir, "objects/info/alternates"), `${repository.cwd}/objects\n`);
  const refs = await git(["for-each-ref", "--format=create %(refname) %(objectname)"], repository);
  await git(["update-ref", "--stdin"], { ...landing, stdin: refs.stdout });
  await git(["fetch", "--quiet", "--no-tags", bundle, `${ref}:refs/rig/incoming`], landing);
  const checked = { ...repository, config: { "fetch.fsckObjects": "true" } };
  await git(["fetch", "--quiet", "--no-tags", `file://${gitDir}`, "refs/rig/incoming:refs/rig/incoming"], checked);
}
