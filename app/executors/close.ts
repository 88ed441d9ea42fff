import { type Executor, numberOf, repositoryOf } from "./executor.ts";

/** Closes the issue; closing a closed one changes nothing. */
export const closeIssue: Executor<"CLOSE_ISSUE"> = async ({ reason }, { octokit, subject }) => {
  await octokit.rest.issues.update({
    ...repositoryOf(subject),
    issue_number: numberOf(subject),
    state: "closed",
    state_reason: reason,
  });
  return { response: { closed: true } };
};

/** Closes a pull request, unless it is merged by now. */
export const closePullRequest: Executor<"CLOSE_PULL_REQUEST"> = async ({ prNumber }, { octokit, subject }) => {
  const pull = { ...repositoryOf(subject), pull_number: prNumber };
  const { data } = await octokit.rest.pulls.get(pull);
  if (data.state === "closed") return { response: { closed: false, because: data.merged_at ? "it is merged" : "it was closed" } };
  await octokit.rest.pulls.update({ ...pull, state: "closed" });
  return { response: { closed: true } };
};
