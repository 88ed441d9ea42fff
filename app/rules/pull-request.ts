import type { RigEvent } from "../domain/events.ts";
import type { Issue } from "../domain/issue.ts";
import type { SeenPullRequest } from "../domain/seen.ts";
import { type Conclusion, nothing, type Rule, say } from "./rule.ts";

/** The pull request's own life: it appears, its head moves, it is merged, or a person closes it. */
export const pullRequest: Rule = ({ subject, issue, seen }): Conclusion => {
  const pr = seen.pullRequest;
  if (!pr || issue.merged) return nothing;
  if (subject.kind === "pull_request" && !issue.pullRequest) return pr.state === "open" ? say(watched(pr)) : nothing;
  if (!issue.approval && !issue.watched) return nothing;
  const tree = pr.treeSha ? { treeSha: pr.treeSha } : {};
  const pushed = pr.pushedBy ? { pushedBy: pr.pushedBy } : {};
  const onHead = { prNumber: pr.number, headSha: pr.headSha };
  if (pr.state === "merged" && pr.mergeSha)
    return say({ type: "MERGED", data: { ...onHead, mergeSha: pr.mergeSha, mergedBy: pr.mergedBy ?? "unknown" } });
  if (pr.state === "closed") {
    if (issue.watched) return say({ type: "PR_CLOSED", data: { prNumber: pr.number, by: pr.closedBy ?? "unknown" } });
    if (issue.held) return nothing;
    // Opened and closed before anybody looked, it was there all the same.
    if (!issue.pullRequest) return appeared(issue, pr);
    const by = pr.closedBy ?? "unknown";
    return {
      events: [
        { type: "PR_CLOSED", data: { prNumber: pr.number, by } },
        { type: "ISSUE_HELD", data: { by, reason: `${by} closed pull request #${pr.number} without merging it.` } },
      ],
    };
  }
  if (!issue.pullRequest) return appeared(issue, pr);
  if (issue.pullRequest.headSha !== pr.headSha)
    return say({ type: "PR_UPDATED", data: { ...onHead, previousSha: issue.pullRequest.headSha, ...tree, ...pushed } });
  return nothing;
};

/** One that an attempt left behind which is over is about to be closed: it is nobody's any more. */
const appeared = (issue: Issue, pr: SeenPullRequest): Conclusion =>
  pr.branch === (issue.assignment ?? issue.setAside)?.branch ? say(created(pr)) : nothing;

const watched = ({ number, url, branch, base, headSha, title, author, ...pr }: SeenPullRequest): RigEvent<"PR_WATCHED"> => ({
  type: "PR_WATCHED",
  data: { prNumber: number, prUrl: url, branch, base: base.name, headSha, title, by: author.login, ...begun(pr) },
});

const created = ({ number, url, branch, headSha, treeSha, ...pr }: SeenPullRequest): RigEvent<"PR_CREATED"> => ({
  type: "PR_CREATED",
  data: { prNumber: number, prUrl: url, branch, headSha, ...(treeSha ? { treeSha } : {}), ...begun(pr) },
});

/** From here its lead time is counted. */
const begun = ({ firstCommitAt }: Pick<SeenPullRequest, "firstCommitAt">) =>
  firstCommitAt ? { firstCommitAt: firstCommitAt.toISOString() } : {};
