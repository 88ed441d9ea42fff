import { readCommit } from "../git/commit.ts";
import { commitsSince, isAncestor } from "../git/compare.ts";
import { changedFiles } from "../git/diff.ts";
import { emailOf } from "../shapes/commit.ts";
import { showUser } from "../shapes/people.ts";
import { htmlOf, showRepository } from "../shapes/repository.ts";
import type { User } from "../state/people.ts";
import type { Repository } from "../state/repository.ts";
import type { World } from "../world.ts";

const NO_COMMIT = "0".repeat(40);
const MOST_COMMITS = 2048;

async function showPushed(world: World, repository: Repository, sha: string) {
  const { parents, tree, message, author, committer } = await readCommit(repository.git, sha);
  const files = parents[0] ? await changedFiles(repository.git, parents[0], sha) : [];
  const named = (...wanted: string[]) => files.filter(({ status }) => wanted.includes(status)).map(({ filename }) => filename);
  return {
    id: sha,
    tree_id: tree,
    distinct: true,
    message,
    timestamp: author.date,
    url: `${htmlOf(world, repository)}/commit/${sha}`,
    author: { name: author.name, email: author.email, date: author.date },
    committer: { name: committer.name, email: committer.email, date: committer.date },
    added: named("added", "copied"),
    removed: named("removed"),
    modified: named("modified", "changed", "renamed"),
  };
}

/** What the `push` webhook says of one moved ref. */
export async function pushPayload(
  world: World,
  repository: Repository,
  by: User,
  ref: string,
  before: string | undefined,
  after: string | undefined,
) {
  const { git } = repository;
  const onto = before ?? git.refs.get(`refs/heads/${repository.defaultBranch}`);
  const shas = !after ? [] : onto && onto !== after ? await commitsSince(git, onto, after) : [];
  const commits = await Promise.all(shas.slice(-MOST_COMMITS).map((sha) => showPushed(world, repository, sha)));
  const seconds = (iso: string) => Math.floor(Date.parse(iso) / 1000);
  return {
    ref,
    before: before ?? NO_COMMIT,
    after: after ?? NO_COMMIT,
    created: before === undefined,
    deleted: after === undefined,
    forced: before !== undefined && after !== undefined && !(await isAncestor(git, before, after)),
    base_ref: null,
    compare: `${htmlOf(world, repository)}/compare/${before?.slice(0, 12) ?? ""}...${after?.slice(0, 12) ?? ""}`,
    commits,
    head_commit: after ? (commits.at(-1) ?? (await showPushed(world, repository, after))) : null,
    pusher: { name: by.login, email: emailOf(by) },
    repository: {
      ...showRepository(world, repository),
      owner: { ...showUser(world, repository.owner), name: repository.owner.login, email: null },
      created_at: seconds(repository.createdAt),
      pushed_at: seconds(repository.pushedAt),
      stargazers: 0,
      master_branch: repository.defaultBranch,
    },
  };
}
