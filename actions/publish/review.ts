/** A verdict becomes a review of exactly the head that was read, and the check `rig/review` on it. */
import { fence } from "../../agents/runtime/fence.ts";
import type { ReviewFinding, RunOutcome, Verdict } from "../../agents/runtime/outcome.ts";
import type { PublishGrant } from "../../agents/runtime/task.ts";
import { type GitHub, statusOf } from "./github.ts";
import { runMarker, unmarked } from "./marker.ts";
import { isThere, type Thread } from "./replies.ts";
import { reviewNote } from "./review-note.ts";
import { replyToEarlier } from "./revisited.ts";

export const REVIEW_CHECK = "rig/review";

/** Remarks on lines of one review; what is more stands in its words. */
const MOST_INLINE = 10;

export async function submitReview(github: GitHub, grant: PublishGrant, outcome: RunOutcome, runUrl: string): Promise<number> {
  const { pullRequest, identity } = grant;
  if (!pullRequest || !outcome.verdict) throw new Error("The run says it reviewed, but there is no pull request or no verdict.");
  const place: Place = {
    ...{ owner: grant.repository.owner, repo: grant.repository.name, pull_number: pullRequest.number, ...identity },
    // What was read, and not what stands there by now: somebody may have pushed meanwhile.
    headSha: grant.baseSha,
    verdict: outcome.verdict,
  };
  // Before the verdict: whoever is woken by it finds the threads answered.
  await replyToEarlier(github, place, outcome, grant.findings ?? []);
  const { owner, repo, pull_number, userId } = place;
  const reviews = "GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews";
  if (!(await isThere(github, reviews, { owner, repo, pull_number }, runMarker(outcome.runId), userId)))
    await review(github, place, outcome);
  if (!(await checked(github, place, outcome.runId))) await check(github, place, outcome, runUrl);
  return pullRequest.number;
}

interface Place extends Thread {
  readonly appId: number;
  readonly headSha: string;
  readonly verdict: Verdict;
}

const events = { approve: "APPROVE", request_changes: "REQUEST_CHANGES", abstain: "COMMENT" } as const;

/** Findings on lines the diff does not show are refused as a whole (422): then all go into the body. An own pull request takes comments only. */
async function review(github: GitHub, { owner, repo, pull_number, headSha, verdict }: Place, outcome: RunOutcome): Promise<void> {
  const onLines = outcome.findings.filter(({ line }) => line !== undefined).slice(0, MOST_INLINE);
  const others = outcome.findings.filter((finding) => !onLines.includes(finding));
  const comments = onLines.flatMap(({ path, line, ...said }) =>
    line === undefined ? [] : [{ path, line, side: "RIGHT", body: worded(said) }],
  );
  const tries = [
    { event: events[verdict], body: bodyOf(outcome, others), comments },
    { event: events[verdict], body: bodyOf(outcome, outcome.findings), comments: [] },
    { event: "COMMENT", body: bodyOf(outcome, outcome.findings), comments: [] },
  ] as const;
  for (const [at, attempt] of tries.entries()) {
    try {
      await github.request("POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews", {
        ...{ owner, repo, pull_number, ...attempt },
        comments: [...attempt.comments],
        commit_id: headSha,
      });
      return;
    } catch (error) {
      if (statusOf(error) !== 422 || at === tries.length - 1) throw error;
    }
  }
}

async function checked(github: GitHub, { owner, repo, headSha, appId }: Place, runId: string): Promise<boolean> {
  const { data } = await github.request("GET /repos/{owner}/{repo}/commits/{ref}/check-runs", {
    ...{ owner, repo, ref: headSha, check_name: REVIEW_CHECK, app_id: appId, filter: "all", per_page: 100 },
  });
  return data.check_runs.some(({ external_id, app }) => external_id === runId && app?.id === appId);
}

/** Never neutral or skipped, which branch protection takes for a yes. */
const conclusions = { approve: "success", request_changes: "failure", abstain: "action_required" } as const;

async function check(github: GitHub, { owner, repo, headSha, verdict }: Place, outcome: RunOutcome, runUrl: string): Promise<void> {
  const standing = outcome.revisited.filter(({ now }) => now === "stands").length;
  const titles: Readonly<Record<Verdict, string>> = {
    approve: "Approved",
    request_changes: `Changes requested: ${outcome.findings.length} findings${standing > 0 ? `, and ${standing} that stand` : ""}`,
    abstain: "Abstained: another reviewer is asked, then a person",
  };
  await github.request("POST /repos/{owner}/{repo}/check-runs", {
    ...{ owner, repo, name: REVIEW_CHECK, head_sha: headSha, external_id: outcome.runId, details_url: runUrl },
    status: "completed",
    conclusion: conclusions[verdict],
    output: { title: titles[verdict], summary: bodyOf(outcome, outcome.findings) },
  });
}

function bodyOf(outcome: RunOutcome, findings: readonly ReviewFinding[]): string {
  const { runId, summary } = outcome;
  const listed = findings.map(({ path, line, ...said }) =>
    [...(path === "" ? [] : [fence(unmarked(line === undefined ? path : `${path}:${line}`))]), worded(said)].join("\n"),
  );
  const marks = `${runMarker(runId)}\n${reviewNote(outcome, findings.length)}`;
  return [marks, "In the reviewer's own words:", fence(unmarked(summary.slice(0, 20_000))), ...listed].join("\n\n").slice(0, 60_000);
}

const worded = ({ severity, text }: Pick<ReviewFinding, "severity" | "text">) =>
  `**${severity}**\n\n${fence(unmarked(text.slice(0, 5_000)))}`;
