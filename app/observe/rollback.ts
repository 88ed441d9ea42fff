/** The way back: what it would take with it, and whether it was taken. */
import { Sha } from "../domain/ids.ts";
import type { Issue } from "../domain/issue.ts";
import type { Policy, ProbeSpec } from "../domain/policy.ts";
import { tellsItsCommit } from "../domain/release-checks.ts";
import type { Seen } from "../domain/seen.ts";
import { orNothing, type Reader } from "./github.ts";
import { sendProbe } from "./probe.ts";
import { contains } from "./release/contains.ts";

const MOST_TOLD = 50;
const MOST_TITLE = 120;
const MOST_DEPLOYMENTS = 30;

/** Going back to a commit of the default branch: what it takes back, the newest first. */
export interface WayBack {
  readonly commits: number;
  readonly takesBack: readonly { readonly sha: Sha; readonly title: string }[];
}

/** Undefined where the commit is not of the default branch, or is its head: there is no way back to it. */
export async function observeWayBack({ octokit, owner, repo }: Reader, toSha: Sha, branch: string): Promise<WayBack | undefined> {
  const page = (nth: number) =>
    orNothing(
      octokit.rest.repos.compareCommitsWithBasehead({ owner, repo, basehead: `${toSha}...${branch}`, per_page: MOST_TOLD, page: nth }),
    );
  const first = (await page(1))?.data;
  if (first?.status !== "ahead") return undefined;
  const last = Math.ceil(first.total_commits / MOST_TOLD);
  const { commits } = last > 1 ? ((await page(last))?.data ?? first) : first;
  const told = commits.map(({ sha, commit }) => ({
    sha: Sha.parse(sha),
    title: (commit.message.split("\n")[0] ?? "").slice(0, MOST_TITLE),
  }));
  return { commits: first.total_commits, takesBack: told.toReversed() };
}

/** How far the way back has come: whether a person merged its pull request, and whether production shows it. */
export async function observeRollback(
  reader: Reader,
  policy: Policy,
  rollback: NonNullable<Issue["rollback"]>,
): Promise<Pick<Seen, "rolledBack" | "revertedBy">> {
  const { octokit, owner, repo } = reader;
  const { prNumber } = rollback;
  const pr = prNumber ? (await orNothing(octokit.rest.pulls.get({ owner, repo, pull_number: prNumber })))?.data : undefined;
  const revert = pr?.merged && pr.merge_commit_sha ? Sha.parse(pr.merge_commit_sha) : undefined;
  const rolledBack = await isShown(reader, policy, rollback, revert);
  return { ...(revert ? { revertedBy: revert } : {}), ...(rolledBack ? { rolledBack } : {}) };
}

/** F41: whether production shows what a person asked back: deployed since then, or what its own checks show now. */
async function isShown(
  reader: Reader,
  policy: Policy,
  rollback: NonNullable<Issue["rollback"]>,
  revert: Sha | undefined,
): Promise<boolean> {
  const { octokit, owner, repo } = reader;
  const { toSha } = rollback;
  const { production } = policy.deploy;
  // Where nothing is deployed from here, the default branch is all there is.
  if (!production) return revert !== undefined;
  const isBack = async (sha: string): Promise<boolean> =>
    sha === toSha || (revert !== undefined && (await contains(reader, revert, sha))) || (await sameFiles(reader, sha, toSha));
  if (await shown(production.verify, isBack)) return true;
  const { environment } = production;
  const { data: deployments } = await octokit.rest.repos.listDeployments({ owner, repo, environment, per_page: MOST_DEPLOYMENTS });
  // GitHub's times have no fractions of a second.
  const since = Math.floor(rollback.at.getTime() / 1000) * 1000;
  for (const { id, sha, created_at } of deployments) {
    if (Date.parse(created_at) < since || !(await isBack(sha))) continue;
    const { data: statuses } = await octokit.rest.repos.listDeploymentStatuses({ owner, repo, deployment_id: id, per_page: 1 });
    if (statuses[0]?.state === "success") return true;
  }
  return false;
}

/** A workflow that deploys an old commit is a run of the newest one to GitHub: what production itself says of its commit counts as much. */
async function shown(verify: readonly ProbeSpec[], isBack: (sha: string) => Promise<boolean>): Promise<boolean> {
  const telling = verify.filter((spec) => tellsItsCommit([spec]));
  const answers = await Promise.all(telling.map((spec) => sendProbe(spec, isBack)));
  return answers.length > 0 && answers.every(({ ok }) => ok);
}

async function sameFiles({ octokit, owner, repo }: Reader, one: string, other: string): Promise<boolean> {
  if (!/^[0-9a-f]{40}$/.test(one)) return false;
  const treeOf = async (commit_sha: string) => (await orNothing(octokit.rest.git.getCommit({ owner, repo, commit_sha })))?.data.tree.sha;
  const [tree, wanted] = await Promise.all([treeOf(one), treeOf(other)]);
  return tree !== undefined && tree === wanted;
}
