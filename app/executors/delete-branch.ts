import { statusOf } from "../observe/github.ts";
import { type Executor, repositoryOf } from "./executor.ts";

/** Deletes a merged branch; one that is gone already is what was wanted. */
export const deleteBranch: Executor<"DELETE_BRANCH"> = async ({ branch }, { octokit, subject }) => {
  try {
    await octokit.rest.git.deleteRef({ ...repositoryOf(subject), ref: `heads/${branch}` });
    return { response: { deleted: true } };
  } catch (error) {
    const status = statusOf(error);
    if (status === 404 || status === 422) return { response: { deleted: false, because: "it was gone" } };
    throw error;
  }
};
