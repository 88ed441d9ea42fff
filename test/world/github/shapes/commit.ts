import { type GitCommit, readCommit } from "../git/commit.ts";
import { type ChangedFile, changedFiles } from "../git/diff.ts";
import type { User } from "../state/people.ts";
import type { Repository } from "../state/repository.ts";
import type { World } from "../world.ts";
import { nodeId } from "./node-id.ts";
import { showUser } from "./people.ts";
import { apiOf, htmlOf } from "./repository.ts";

const unsigned = { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null };

/** GitHub knows its people by the address of a commit. */
export const emailOf = ({ id, login }: User) => `${id}+${login}@users.noreply.github.com`;

function userByEmail(world: World, email: string): User | undefined {
  const login = /^\d+\+(.+)@users\.noreply\.github\.com$/.exec(email)?.[1];
  return login ? world.users.get(login.toLowerCase()) : undefined;
}

const showParents = (world: World, repository: Repository, parents: readonly string[]) =>
  parents.map((sha) => ({
    sha,
    url: `${apiOf(world, repository)}/commits/${sha}`,
    html_url: `${htmlOf(world, repository)}/commit/${sha}`,
  }));

export function showGitCommit(world: World, repository: Repository, commit: GitCommit) {
  const api = apiOf(world, repository);
  return {
    sha: commit.sha,
    node_id: nodeId("Commit", commit.sha),
    url: `${api}/git/commits/${commit.sha}`,
    html_url: `${htmlOf(world, repository)}/commit/${commit.sha}`,
    author: commit.author,
    committer: commit.committer,
    tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: showParents(world, repository, commit.parents),
    verification: unsigned,
  };
}

export function showCommit(world: World, repository: Repository, commit: GitCommit) {
  const url = `${apiOf(world, repository)}/commits/${commit.sha}`;
  const { author, committer, tree, message } = showGitCommit(world, repository, commit);
  const who = (email: string) => {
    const user = userByEmail(world, email);
    return user ? showUser(world, user) : null;
  };
  return {
    sha: commit.sha,
    node_id: nodeId("Commit", commit.sha),
    commit: {
      author,
      committer,
      message,
      tree,
      url: `${apiOf(world, repository)}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: unsigned,
    },
    url,
    html_url: `${htmlOf(world, repository)}/commit/${commit.sha}`,
    comments_url: `${url}/comments`,
    author: who(commit.author.email),
    committer: who(commit.committer.email),
    parents: showParents(world, repository, commit.parents),
  };
}

export function showFile(world: World, repository: Repository, at: string, file: ChangedFile) {
  const path = file.filename.split("/").map(encodeURIComponent).join("/");
  return {
    sha: file.sha,
    filename: file.filename,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${htmlOf(world, repository)}/blob/${at}/${path}`,
    raw_url: `${htmlOf(world, repository)}/raw/${at}/${path}`,
    contents_url: `${apiOf(world, repository)}/contents/${path}?ref=${at}`,
    ...(file.patch === undefined ? {} : { patch: file.patch }),
    ...(file.previousFilename === undefined ? {} : { previous_filename: file.previousFilename }),
  };
}

const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/** One commit with what it changed. */
export async function showCommitWithFiles(world: World, repository: Repository, sha: string) {
  const commit = await readCommit(repository.git, sha);
  const files = await changedFiles(repository.git, commit.parents[0] ?? EMPTY_TREE, sha);
  const sum = (count: (file: ChangedFile) => number) => files.reduce((total, file) => total + count(file), 0);
  const [additions, deletions] = [sum((file) => file.additions), sum((file) => file.deletions)];
  return {
    ...showCommit(world, repository, commit),
    stats: { additions, deletions, total: additions + deletions },
    files: files.map((file) => showFile(world, repository, sha, file)),
  };
}

/** The short form of runs and check suites. */
export async function showSimpleCommit(repository: Repository, sha: string) {
  const { tree, message, author, committer } = await readCommit(repository.git, sha);
  const who = ({ name, email }: GitCommit["author"]) => ({ name, email });
  return { id: sha, tree_id: tree, message, timestamp: author.date, author: who(author), committer: who(committer) };
}
