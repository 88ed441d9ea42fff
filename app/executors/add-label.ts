import { type Executor, numberOf, repositoryOf } from "./executor.ts";

/** Puts a label on the issue; one that is there already stays. */
export const addLabel: Executor<"ADD_LABEL"> = async ({ label }, { octokit, subject }) => {
  await octokit.rest.issues.addLabels({ ...repositoryOf(subject), issue_number: numberOf(subject), labels: [label] });
  return { response: { label } };
};
