import { bounded } from "./request-run.ts";
import { lookAgain, nothing, passed, type Rule, say } from "./rule.ts";

const FIRST_CHECK_MS = 30_000;

/** What the required checks of this head came to. A re-run may turn it round. */
export const ci: Rule = ({ issue, seen, policy, now }) => {
  const { pullRequest, ci: known } = issue;
  const checks = seen.pullRequest?.checks;
  if (!pullRequest || !checks || seen.pullRequest?.headSha !== pullRequest.headSha) return nothing;
  const onHead = { prNumber: pullRequest.number, headSha: pullRequest.headSha };
  const current = known?.headSha === pullRequest.headSha ? known : undefined;
  if (checks.state === "pending") {
    if (current) return nothing;
    const since = issue.decidedAt && issue.decidedAt > pullRequest.since ? issue.decidedAt : pullRequest.since;
    if (!passed(since, policy.timeouts.checks, now)) return lookAgain(since, policy.timeouts.checks);
    const reason = `The checks of ${pullRequest.headSha.slice(0, 7)} did not conclude within ${policy.timeouts.checks / 60_000} minutes.`;
    return bounded(issue, reason);
  }
  // Where nothing is required, checks that have not begun yet look like none at all.
  if (checks.names.length === 0 && !current && !passed(pullRequest.since, FIRST_CHECK_MS, now))
    return lookAgain(pullRequest.since, FIRST_CHECK_MS);
  const well = checks.state === "passed";
  const preExisting = checks.failed.filter((check) => check.preExisting).map(({ name }) => name);
  if (current?.passed === well && (well || String(current.preExisting) === String(preExisting))) return nothing;
  return say(
    well
      ? { type: "CI_PASSED", data: { ...onHead, checks: [...checks.names] } }
      : {
          type: "CI_FAILED",
          data: { ...onHead, failedChecks: checks.failed.map(({ name, url, summary }) => ({ name, url, summary })), preExisting },
        },
  );
};
