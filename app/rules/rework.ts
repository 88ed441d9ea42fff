import type { Finding, RunKind } from "../domain/events.ts";
import { type Issue, liveRun } from "../domain/issue.ts";
import { bounded, requestRun } from "./request-run.ts";
import { type Conclusion, nothing, type Rule, type Scene } from "./rule.ts";

/** Failed checks, review findings and merge conflicts go back to the agent that has the issue, each a bounded number of times. */
export const rework: Rule = (scene) => {
  const { issue, seen, policy } = scene;
  const head = issue.pullRequest?.headSha;
  if (!head || !issue.assignment || working(issue) || issue.approval?.stale || issue.waiting || answered(issue)) return nothing;
  if (issue.ci?.headSha === head && !issue.ci.passed) {
    const findings = issue.ci.failedChecks.map(({ name, url, summary }) => ({ by: name, text: `${summary}\n${url}` }));
    return sendBack(scene, "fix-ci", findings, issue.ciFixes, policy.limits.ciFixes, "CI fixes");
  }
  if (issue.review?.headSha === head && issue.review.result === "changes_requested") {
    return sendBack(scene, "answer-review", issue.review.findings, issue.reviewRounds, policy.limits.reviewRounds, "review rounds");
  }
  if (issue.review?.headSha === head && issue.review.result === "passed" && seen.pullRequest?.mergeable === false) {
    const rebases = issue.runs.filter(({ kind }) => kind === "rebase").length;
    return sendBack(
      scene,
      "rebase",
      [{ by: "GitHub", text: `The branch conflicts with ${seen.defaultBranch.name}.` }],
      rebases,
      1,
      "automatic rebases",
    );
  }
  return nothing;
};

const working = (issue: Issue): boolean => {
  const run = liveRun(issue);
  return run !== undefined && run.kind !== "review";
};

/** A run for this head that ended and is not settled yet: its push is about to be seen, or it is about to be called stuck. */
const answered = ({ runs, pullRequest }: Issue): boolean => {
  const last = runs.at(-1);
  return last !== undefined && last.kind !== "review" && !last.fenced && last.baseSha === pullRequest?.headSha;
};

function sendBack(scene: Scene, kind: RunKind, findings: readonly Finding[], done: number, limit: number, what: string): Conclusion {
  const { issue, policy } = scene;
  const { pullRequest, grants } = issue;
  if (!pullRequest) return nothing;
  if (pullRequest.pushes >= policy.limits.pushesPerPullRequest + grants)
    return bounded(issue, `#${pullRequest.number} was pushed to ${pullRequest.pushes} times, which is the limit.`);
  if (done >= limit + grants) {
    return bounded(
      issue,
      `The limit of ${limit} ${what} is reached, and #${pullRequest.number} still needs work: ${findings[0]?.text.split("\n")[0] ?? "unknown"}`,
    );
  }
  return requestRun(scene, { kind, baseSha: pullRequest.headSha, findings });
}
