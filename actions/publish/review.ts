/** A verdict becomes a review of exactly the head that was read, and the check `rig/review` on it. */
import { fence } from "../../agents/runtime/fence.ts";
import type { ReviewFinding, RunOutcome } from "../../agents/runtime/outcome.ts";
import type { PublishGrant } from "../../agents/runtime/task.ts";
import { type GitHub, statusOf } from "./github.ts";
import { runMarker } from "./marker.ts";

export const REVIEW_CHECK = "rig/review";

export async function submitReview(github: GitHub, grant: PublishGrant, outcome: RunOutcome, runUrl: string): Promise<number> {
  const { pullRequest } = grant;
  if (!pullRequest || !outcome.verdict) throw new Error("The run says it reviewed, but there is no pull request or no verdict.");
  const place: Place = {
    owner: grant.repository.owner,
    repo: grant.repository.name,
    pull_number: pullRequest.number,
    // What was read, and not what stands there by now: somebody may have pushed meanwhile.
    headSha: grant.baseSha,
  };
  if (!(await reviewed(github, place, outcome.runId))) await review(github, place, outcome);
  if (!(await checked(github, place, outcome.runId))) await check(github, place, outcome, runUrl);
  return pullRequest.number;
}

interface Place {
  readonly owner: string;
  readonly repo: string;
  readonly pull_number: number;
  readonly headSha: string;
}

async function reviewed(github: GitHub, { headSha: _, ...place }: Place, runId: string): Promise<boolean> {
  for (let page = 1; ; page++) {
    const { data } = await github.request("GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews", { ...place, per_page: 100, page });
    if (data.some(({ user, body }) => user?.type === "Bot" && body.includes(runMarker(runId)))) return true;
    if (data.length < 100) return false;
  }
}

/** Findings on lines the diff does not show are refused as a whole (422): then all go into the body. An own pull request takes comments only. */
async function review(github: GitHub, { headSha, ...place }: Place, outcome: RunOutcome): Promise<void> {
  const verdict = outcome.verdict === "approve" ? "APPROVE" : "REQUEST_CHANGES";
  const onLines = outcome.findings.filter(({ line }) => line !== undefined);
  const others = outcome.findings.filter(({ line }) => line === undefined);
  const comments = onLines.flatMap(({ path, line, ...said }) =>
    line === undefined ? [] : [{ path, line, side: "RIGHT", body: worded(said) }],
  );
  const tries = [
    { event: verdict, body: bodyOf(outcome, others), comments },
    { event: verdict, body: bodyOf(outcome, outcome.findings), comments: [] },
    { event: "COMMENT", body: bodyOf(outcome, outcome.findings), comments: [] },
  ] as const;
  for (const [at, attempt] of tries.entries()) {
    try {
      await github.request("POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews", {
        ...place,
        ...attempt,
        comments: [...attempt.comments],
        commit_id: headSha,
      });
      return;
    } catch (error) {
      if (statusOf(error) !== 422 || at === tries.length - 1) throw error;
    }
  }
}

async function checked(github: GitHub, { owner, repo, headSha }: Place, runId: string): Promise<boolean> {
  const { data } = await github.request("GET /repos/{owner}/{repo}/commits/{ref}/check-runs", {
    owner,
    repo,
    ref: headSha,
    check_name: REVIEW_CHECK,
    per_page: 100,
  });
  return data.check_runs.some(({ external_id }) => external_id === runId);
}

async function check(github: GitHub, { owner, repo, headSha }: Place, outcome: RunOutcome, runUrl: string): Promise<void> {
  const approved = outcome.verdict === "approve";
  await github.request("POST /repos/{owner}/{repo}/check-runs", {
    owner,
    repo,
    name: REVIEW_CHECK,
    head_sha: headSha,
    external_id: outcome.runId,
    details_url: runUrl,
    status: "completed",
    conclusion: approved ? "success" : "failure",
    output: {
      title: approved ? "Approved" : `Changes requested: ${outcome.findings.length} findings`,
      summary: bodyOf(outcome, outcome.findings),
    },
  });
}

function bodyOf({ runId, summary }: RunOutcome, findings: readonly ReviewFinding[]): string {
  const listed = findings.map(({ path, line, ...said }) => `${fence(line === undefined ? path : `${path}:${line}`)}\n${worded(said)}`);
  return [runMarker(runId), "In the reviewer's own words:", fence(summary.slice(0, 20_000)), ...listed].join("\n\n").slice(0, 60_000);
}

const worded = ({ severity, text }: Pick<ReviewFinding, "severity" | "text">) => `**${severity}**\n\n${fence(text.slice(0, 5_000))}`;
