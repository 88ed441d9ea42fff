import { commitsSince, mergeBase } from "../git/compare.ts";
import { type ChangedFile, changedFiles } from "../git/diff.ts";
import type { Pull } from "../state/pull.ts";
import type { Repository } from "../state/repository.ts";

/** Where the head left the base: what a pull request shows is counted from there. */
export const forkPoint = async ({ git }: Repository, { baseSha, headSha }: Pull) => (await mergeBase(git, baseSha, headSha)) ?? baseSha;

export async function pullCommits(repository: Repository, pull: Pull): Promise<readonly string[]> {
  return commitsSince(repository.git, await forkPoint(repository, pull), pull.headSha);
}

export async function pullFiles(repository: Repository, pull: Pull): Promise<readonly ChangedFile[]> {
  return changedFiles(repository.git, await forkPoint(repository, pull), pull.headSha);
}
