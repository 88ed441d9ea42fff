/** The only hands: one effect a file, and a line here. */
import { addLabel } from "./add-label.ts";
import { cancelRun } from "./cancel-run.ts";
import { closeIssue, closePullRequest } from "./close.ts";
import { comment } from "./comment.ts";
import { deleteBranch } from "./delete-branch.ts";
import { deploy } from "./deploy.ts";
import { dispatchRun } from "./dispatch-run.ts";
import type { Executors } from "./executor.ts";
import { fileIssue } from "./file-issue.ts";
import { merge } from "./merge.ts";
import { notify } from "./notify.ts";
import { openRevert } from "./open-revert.ts";
import { overruleReview } from "./overrule-review.ts";
import { react } from "./react.ts";
import { reopenIssue } from "./reopen-issue.ts";
import { show } from "./show/show.ts";

export const executors: Executors = {
  DISPATCH_RUN: dispatchRun,
  CANCEL_RUN: cancelRun,
  MERGE: merge,
  DELETE_BRANCH: deleteBranch,
  DEPLOY: deploy,
  SMOKE: deploy,
  FILE_ISSUE: fileIssue,
  REOPEN_ISSUE: reopenIssue,
  OPEN_REVERT: openRevert,
  SHOW: show,
  NOTIFY: notify,
  REACT: react,
  COMMENT: comment,
  OVERRULE_REVIEW: overruleReview,
  ADD_LABEL: addLabel,
  CLOSE_ISSUE: closeIssue,
  CLOSE_PULL_REQUEST: closePullRequest,
};
