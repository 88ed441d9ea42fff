import { z } from "zod";
import { Sha } from "../domain/ids.ts";
import { mergeQueueOf } from "./branch-rules.ts";
import type { Reader } from "./github.ts";

const QUERY = `query ($owner: String!, $repo: String!, $number: Int!) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) { mergeQueueEntry { state headCommit { oid } baseCommit { oid } } }
  }
}`;

const Commit = z.object({ oid: Sha }).nullable();
const Answer = z.object({
  repository: z.object({
    pullRequest: z.object({
      mergeQueueEntry: z.object({ state: z.string(), headCommit: Commit, baseCommit: Commit }).nullable(),
    }),
  }),
});

/** A pull request's place in GitHub's merge queue. */
export interface QueueEntry {
  /** GitHub's word: `QUEUED`, `AWAITING_CHECKS`, `MERGEABLE`, `UNMERGEABLE`, `LOCKED`. */
  readonly state: string;
  /** The commit on which the queue tries it out, and the one that was made on; absent until it is its turn. */
  readonly group?: { readonly headSha: Sha; readonly baseSha: Sha };
}

interface On {
  readonly number: number;
  /** Name of the branch it is to be merged into. */
  readonly base: string;
}

/** Undefined: it is in no queue, because the branch has none or because it was dropped. REST does not tell, GraphQL does. */
export async function observeQueueEntry(reader: Reader, { number, base }: On): Promise<QueueEntry | undefined> {
  const { octokit, owner, repo } = reader;
  if (!(await mergeQueueOf(reader, base))) return undefined;
  const { mergeQueueEntry: entry } = Answer.parse(await octokit.graphql(QUERY, { owner, repo, number })).repository.pullRequest;
  if (!entry) return undefined;
  const { state, headCommit, baseCommit } = entry;
  return { state, ...(headCommit && baseCommit ? { group: { headSha: headCommit.oid, baseSha: baseCommit.oid } } : {}) };
}
