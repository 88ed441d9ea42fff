import { statusOf } from "../observe/github.ts";
import { type Executor, repositoryOf } from "./executor.ts";

/** R15: 405 the rules refuse, 409 the head moved, 422 the request is not valid: each is an answer, not a reason to try again. */
const refusals: ReadonlySet<number> = new Set([405, 409, 422]);

/** Merges exactly this head. `merged_at` is the only proof, so an unknown outcome is looked up first. */
export const merge: Executor<"MERGE"> = async ({ prNumber, headSha, method }, { octokit, subject, attempt }) => {
  const pull = { ...repositoryOf(subject), pull_number: prNumber };
  if (attempt.unknown) {
    const { data } = await octokit.rest.pulls.get(pull);
    if (data.merged_at) return { response: { mergeSha: data.merge_commit_sha } };
  }
  try {
    const { data } = await octokit.rest.pulls.merge({ ...pull, sha: headSha, merge_method: method });
    return { response: { mergeSha: data.sha } };
  } catch (error) {
    const status = statusOf(error);
    if (status === undefined || !refusals.has(status)) throw error;
    return { response: { refused: error instanceof Error ? error.message : String(status) } };
  }
};
