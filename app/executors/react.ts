import { type Executor, repositoryOf } from "./executor.ts";

/** Reacts to a comment. GitHub answers a repeated reaction with the first, so nothing has to be looked up. */
export const react: Executor<"REACT"> = async ({ commentId, contents }, { octokit, subject }) => {
  for (const content of contents)
    await octokit.rest.reactions.createForIssueComment({ ...repositoryOf(subject), comment_id: commentId, content });
  return { response: { reacted: [...contents] } };
};
