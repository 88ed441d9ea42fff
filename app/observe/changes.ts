/** What a pull request changes: through GitHub's API where that is whole, else from git's own objects (R11, F28, F29). */
import type { SeenChanges } from "../domain/seen.ts";
import { contentOf, readable, type Side } from "./blob-content.ts";
import { readBlobs } from "./blobs.ts";
import { changedFiles, type Entry } from "./changed-files.ts";
import { withFetched } from "./fetched.ts";
import { GitFailure } from "./git.ts";
import { changesFrom, noCommonCommit } from "./git-objects.ts";
import { type Octokit, orNothing, type Reader } from "./github.ts";
import { differingBy } from "./patches.ts";
import { treeDifference } from "./trees.ts";

/** What is asked of `pulls.get`'s answer. */
export interface ComparedPullRequest {
  readonly number: number;
  readonly changed_files: number;
  readonly head: { readonly sha: string };
  readonly base: { readonly sha: string; readonly repo: { readonly clone_url: string } };
}

type Listed = Awaited<ReturnType<Octokit["rest"]["pulls"]["listFiles"]>>["data"][number];

/** From here on GitHub cuts its list off without a word. */
const MOST_LISTED = 3_000;
/** Above it git's own objects come in fewer calls. */
const MOST_BY_API = 1_000;

/** Throws where GitHub is away or asks to wait: then nothing is known. Not complete: that answer would stay the same. */
export async function observeChanges(reader: Reader, pr: ComparedPullRequest): Promise<SeenChanges> {
  const fork = await mergeBase(reader, pr.base.sha, pr.head.sha);
  if (!fork) return { complete: false, because: noCommonCommit, files: [] };
  const listed = pr.changed_files > MOST_BY_API ? [] : await listFiles(reader, pr.number);
  const files = pr.changed_files > MOST_BY_API ? undefined : await byApi(reader, pr, fork, listed);
  if (files) return { complete: true, files };
  try {
    return await withFetched(reader, pr.base.repo.clone_url, [fork, pr.head.sha], ({ gitDir, bring }) =>
      changesFrom(gitDir, fork, pr.head.sha, bring),
    );
  } catch (error) {
    if (!(error instanceof GitFailure) || passes(error)) throw error;
    const because = `GitHub's API does not show all of its ${pr.changed_files} files, and ${wordsFor[error.kind]}`;
    return {
      complete: false,
      because,
      files: listed.map(({ filename }) => ({ path: filename, added: [], removed: [], unreadable: "not read" })),
    };
  }
}

const wordsFor: { readonly [kind in GitFailure["kind"]]: string } = {
  missing: "git is not installed where the Rig runs",
  timeout: "git took too long",
  failed: "git could not fetch them",
  "too large": "git found more than can be looked at",
};

/** A failure that may be gone the next time. */
const passes = ({ kind, message }: GitFailure): boolean =>
  kind === "failed" &&
  /returned error: (?:401|429|5\d\d)|HTTP (?:429|5\d\d)|timed out|reset|early EOF|hung up|too slow|resolve host|connect/i.test(message);

/** The commit that a pull request is compared with. Its first page would bring 300 patches. */
async function mergeBase({ octokit, owner, repo }: Reader, base: string, head: string): Promise<string | undefined> {
  const basehead = `${base}...${head}`;
  const answer = await orNothing(octokit.rest.repos.compareCommitsWithBasehead({ owner, repo, basehead, per_page: 1, page: 2 }));
  return answer?.data.merge_base_commit.sha;
}

const listFiles = ({ octokit, owner, repo }: Reader, pull_number: number): Promise<readonly Listed[]> =>
  octokit.paginate(octokit.rest.pulls.listFiles, { owner, repo, pull_number, per_page: 100 });

/** Undefined where the API does not show everything, or contradicts itself. */
async function byApi(reader: Reader, pr: ComparedPullRequest, fork: string, listed: readonly Listed[]) {
  if (listed.length !== pr.changed_files || listed.length >= MOST_LISTED) return undefined;
  const entries = await treeDifference(reader, fork, pr.head.sha);
  if (!entries || !sameNames(entries, listed)) return undefined;
  const sides = entries.flatMap(({ path, base, head }) => [base, head].flatMap((side) => (side ? [{ path, side }] : [])));
  const wanted = sides
    .filter(({ path, side }) => readable(path, side))
    .map(({ path, side }) => [side.id, { id: side.id, path, size: side.size ?? 0 }] as const);
  const bytes = await readBlobs(reader, [...new Map(wanted).values()]);
  if (!bytes) return undefined;
  const shown = new Map(listed.map((file) => [file.filename, file]));
  return changedFiles(
    entries.map((entry) => withOrigin(entry, shown.get(entry.path))),
    (path: string, side: Side) => contentOf(path, side.mode, readable(path, side) ? bytes.get(side.id) : undefined),
    (path, texts) => {
      const file = shown.get(path);
      return file?.previous_filename === undefined ? differingBy(file?.patch, texts) : undefined;
    },
  );
}

const withOrigin = (entry: Entry, file: Listed | undefined): Entry =>
  file?.status === "renamed" && file.previous_filename !== undefined ? { ...entry, previousPath: file.previous_filename } : entry;

/** Whether the list names just what differs between the trees; of a renamed file both names. */
function sameNames(entries: readonly Entry[], listed: readonly Listed[]): boolean {
  const names = new Set(
    listed.flatMap(({ filename, status, previous_filename }) =>
      status === "renamed" && previous_filename ? [filename, previous_filename] : [filename],
    ),
  );
  return names.size === entries.length && entries.every(({ path }) => names.has(path));
}
