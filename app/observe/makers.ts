/** Who made a pull request: nobody of them can approve it (R12). */
import { Sha } from "../domain/ids.ts";
import { gone, type Octokit, type Reader } from "./github.ts";

/** What is asked of `pulls.get`'s answer. */
export interface MadePullRequest {
  readonly number: number;
  /** How many there are; GitHub lists at most 250. */
  readonly commits: number;
  readonly user: { readonly login: string };
  readonly head: {
    readonly sha: string;
    readonly ref: string;
    readonly repo: { readonly name: string; readonly owner: { readonly login: string } } | null;
  };
}

export interface Makers {
  /** Lower-case logins: its author, the authors and committers of its commits, whoever pushed them. */
  readonly madeBy: readonly string[];
  /** Whoever pushed the head, where GitHub says it and it is a person. */
  readonly pushedBy?: string;
  /** What each commit contains. */
  readonly trees: Readonly<Record<string, Sha>>;
  /** When its oldest commit was made, as that commit itself says. */
  readonly firstCommitAt?: Date;
  /** Why not all of them are known (R12c). */
  readonly unknown?: string;
}

type Commit = Awaited<ReturnType<Octokit["rest"]["pulls"]["listCommits"]>>["data"][number];

interface Pushers {
  readonly logins: readonly string[];
  readonly last?: string;
  readonly unknown?: string;
}

export async function observeMakers(reader: Reader, pr: MadePullRequest): Promise<Makers> {
  const { octokit, owner, repo } = reader;
  const commits = await octokit.paginate(octokit.rest.pulls.listCommits, { owner, repo, pull_number: pr.number, per_page: 100 });
  const pushers = await pushersOf(reader, pr, commits);
  const logins = [pr.user.login, ...commits.flatMap((commit) => [loginOf(commit.author), loginOf(commit.committer)]), ...pushers.logins];
  const unknown = unseen(pr, commits) ?? pushers.unknown;
  const made = commits.flatMap(({ commit }) => Date.parse(commit.committer?.date ?? "") || []);
  return {
    madeBy: [...new Set(logins.flatMap((login) => login?.toLowerCase() ?? []))],
    trees: Object.fromEntries(commits.map(({ sha, commit }) => [sha, Sha.parse(commit.tree.sha)])),
    ...(pushers.last ? { pushedBy: pushers.last } : {}),
    ...(made.length > 0 ? { firstCommitAt: new Date(Math.min(...made)) } : {}),
    ...(unknown ? { unknown } : {}),
  };
}

function unseen(pr: MadePullRequest, commits: readonly Commit[]): string | undefined {
  if (commits.length < pr.commits) return `GitHub shows only ${commits.length} of its ${pr.commits} commits`;
  return commits.some(({ sha }) => sha === pr.head.sha) ? undefined : "its commits changed while they were read";
}

/** A commit's author and committer are what its maker wrote there; who pushed it GitHub knows itself. */
async function pushersOf({ octokit }: Reader, { head }: MadePullRequest, commits: readonly Commit[]): Promise<Pushers> {
  if (!head.repo) return { logins: [], unknown: "the fork it came from is gone, and with it who pushed last" };
  const { name: repo, owner } = head.repo;
  try {
    const asked = { owner: owner.login, repo, ref: `refs/heads/${head.ref}`, per_page: 100 };
    const { data } = await octokit.rest.repos.listActivities(asked);
    const shas = new Set(commits.map(({ sha }) => sha));
    const logins = data.filter(({ after }) => shas.has(after)).flatMap(({ actor }) => actor?.login ?? []);
    const last = data.find(({ after }) => after === head.sha);
    const person = last?.actor?.type === "User" ? { last: last.actor.login } : {};
    return last?.actor ? { logins, ...person } : { logins, unknown: "GitHub does not say who pushed last" };
  } catch (error) {
    if (gone(error)) return { logins: [], unknown: `GitHub does not let the Rig read who pushed to ${owner.login}/${repo}` };
    throw error;
  }
}

/** A commit may be of nobody who has an account: then nobody of that name can approve it either. */
const loginOf = (account: Commit["author"]): string | undefined => (account && "login" in account ? account.login : undefined);
