import type { Finding, RunKind } from "../domain/events.ts";
import type { Issue } from "../domain/issue.ts";
import { liveRun } from "../domain/state.ts";
import { bounded, requestRun } from "./request-run.ts";
import { type Conclusion, lookAgain, nothing, passed, type Rule, type Scene, say } from "./rule.ts";

/** Failed checks, review findings and merge conflicts go back to the agent that has the issue, each a bounded number of times. */
export const rework: Rule = (scene) => {
  const { issue, seen, policy } = scene;
  const head = issue.pullRequest?.headSha;
  if (!head || !issue.assignment || working(issue) || issue.approval?.stale || issue.waiting || answered(issue)) return nothing;
  if (issue.ci?.headSha === head && !issue.ci.passed) {
    if (onlyPreExisting(issue.ci)) return waitsForBase(scene, issue.ci, issue);
    return sendBack(scene, "fix-ci", failures(issue.ci, seen.defaultBranch.name), issue.ciFixes, policy.limits.ciFixes, "CI fixes");
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

const onlyPreExisting = ({ failedChecks, preExisting }: NonNullable<Issue["ci"]>): boolean =>
  failedChecks.length > 0 && failedChecks.every(({ name }) => preExisting.includes(name));

/** What failed and is this change's to mend; the rest is named, so that nobody looks for it. */
function failures({ failedChecks, preExisting }: NonNullable<Issue["ci"]>, base: string): readonly Finding[] {
  const own = failedChecks.filter(({ name }) => !preExisting.includes(name));
  const others = `${base} itself fails ${preExisting.join(", ")}: leave that alone.`;
  return [
    ...own.map(({ name, url, summary }) => ({ by: name, text: `${summary}\n${url}` })),
    ...(preExisting.length > 0 ? [{ by: "The Rig", text: others }] : []),
  ];
}

/** What the base branch fails as well is not this change's to mend: it waits until the base is well, and then is a person's. */
function waitsForBase({ seen, policy, now }: Scene, { preExisting, since }: NonNullable<Issue["ci"]>, issue: Issue): Conclusion {
  if (!passed(since, policy.timeouts.checks, now)) return lookAgain(since, policy.timeouts.checks);
  return bounded(
    issue,
    `${seen.defaultBranch.name} itself fails ${preExisting.join(", ")}, and has for ${policy.timeouts.checks / 60_000} minutes.`,
  );
}

const working = (issue: Issue): boolean => {
  const run = liveRun(issue);
  return run !== undefined && run.kind !== "review";
};

/** A run for this head that ended and is not settled yet: its push is about to be seen, or it is about to be called stuck. A question leaves nothing to be seen. */
const answered = ({ runs, pullRequest }: Issue): boolean => {
  const last = runs.at(-1);
  return (
    last !== undefined && last.kind !== "review" && !last.fenced && last.question === undefined && last.baseSha === pullRequest?.headSha
  );
};

function sendBack(scene: Scene, kind: RunKind, findings: readonly Finding[], done: number, limit: number, what: string): Conclusion {
  const { issue, policy } = scene;
  const { pullRequest, grants } = issue;
  if (!pullRequest) return nothing;
  const { pushedBy: by } = pullRequest;
  // F34: whoever pushes to the agent's branch has it, until they give it back.
  if (by) {
    const reason = `${by} pushed ${pullRequest.headSha.slice(0, 7)} to the branch, and it needs more work: ${findings[0]?.text.split("\n")[0] ?? "see the pull request"}. Dev-E does not push over people.`;
    return say({ type: "ISSUE_HELD", data: { by, reason } });
  }
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
