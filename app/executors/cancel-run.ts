import { statusOf } from "../observe/github.ts";
import { type Executor, repositoryOf } from "./executor.ts";

/** Ends a workflow run; one that has ended already, or never began, needs no end. */
export const cancelRun: Executor<"CANCEL_RUN"> = async (_, { octokit, subject, attempt }) => {
  if (!attempt.workflowRunId) return { response: { cancelled: false, because: "no workflow run was started" } };
  try {
    await octokit.rest.actions.cancelWorkflowRun({ ...repositoryOf(subject), run_id: attempt.workflowRunId });
    return { response: { cancelled: true } };
  } catch (error) {
    const status = statusOf(error);
    if (status === 409 || status === 404) return { response: { cancelled: false, because: `GitHub answers ${status}` } };
    throw error;
  }
};
