import { commitTree, mergedTree } from "../git/merge.ts";
import { branchSha, once, updateRefs } from "../git/store.ts";
import type { Issue } from "../state/issue.ts";
import type { Pull } from "../state/pull.ts";
import type { Repository } from "../state/repository.ts";
import type { World } from "../world.ts";
import { missingForMerge } from "./rules.ts";

const GITHUB = { name: "GitHub", email: "noreply@github.com" };
const tips = (repository: Repository, pull: Pull) => `${branchSha(repository.git, pull.baseBranch)}...${pull.headSha}`;

/** Makes the test merge of the tips as they are now; its commit is `null` when they conflict. Keeps `refs/pull/N/head` and `merge`. */
export async function testMerge(world: World, repository: Repository, issue: Issue & { pull: Pull }): Promise<string | null> {
  const { pull, number } = issue;
  const { git } = repository;
  const of = tips(repository, pull);
  if (pull.testMerge?.of === of) return pull.testMerge.sha;
  // Two who ask at the same time get the same commit.
  const sha = await once(git, `test merge ${number} ${of}`, async () => {
    const base = branchSha(git, pull.baseBranch);
    const tree = base && (await mergedTree(git, base, pull.headSha));
    const words = { message: `Merge ${pull.headSha} into ${base}`, author: GITHUB, at: world.now() };
    const made = base && tree ? await commitTree(git, tree, [base, pull.headSha], words) : null;
    await updateRefs(git, { [`refs/pull/${number}/head`]: pull.headSha, ...(made ? { [`refs/pull/${number}/merge`]: made } : {}) });
    return made;
  });
  pull.testMerge = { of, sha };
  return sha;
}

export interface Mergeability {
  readonly mergeable: boolean | null;
  readonly rebaseable: boolean | null;
  readonly state: "clean" | "dirty" | "blocked" | "unstable" | "draft" | "unknown";
}

const unknown: Mergeability = { mergeable: null, rebaseable: null, state: "unknown" };

/** As GitHub: the first to ask after a move learns that it is being computed. */
export async function mergeability(world: World, repository: Repository, issue: Issue & { pull: Pull }): Promise<Mergeability> {
  const { pull } = issue;
  if (issue.state === "closed") return unknown;
  const of = tips(repository, pull);
  const askedBefore = pull.mergeabilityAskedFor === of;
  pull.mergeabilityAskedFor = of;
  if (!askedBefore) return unknown;
  const mergeable = (await testMerge(world, repository, issue)) !== null;
  const base = { mergeable, rebaseable: mergeable };
  if (!mergeable) return { ...base, state: "dirty" };
  if (pull.draft) return { ...base, state: "draft" };
  if ((await missingForMerge(repository, issue)).length) return { ...base, state: "blocked" };
  const failing = [...repository.checkRuns.values()].some(
    ({ headSha, status, conclusion }) =>
      headSha === pull.headSha && (status !== "completed" || !["success", "neutral", "skipped"].includes(conclusion ?? "")),
  );
  return { ...base, state: failing ? "unstable" : "clean" };
}
