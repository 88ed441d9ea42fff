/** The pull request of a pushed branch: known or adopted when it is there, else opened. */
import { neutralLine } from "../../agents/runtime/neutral.ts";
import type { RunOutcome } from "../../agents/runtime/outcome.ts";
import type { PublishGrant } from "../../agents/runtime/task.ts";
import { type GitHub, statusOf } from "./github.ts";
import { pullRequestBody, withRun } from "./pull-request-body.ts";

/** Answers its number. One that is there already gets a line of this run. */
export async function openPullRequest(github: GitHub, grant: PublishGrant, outcome: RunOutcome, runUrl: string): Promise<number> {
  const existing = grant.pullRequest?.number ?? (await openOne(github, grant));
  if (existing === undefined) return open(github, grant, outcome, runUrl);
  await addRun(github, grant, existing, outcome, runUrl);
  return existing;
}

async function open(github: GitHub, grant: PublishGrant, outcome: RunOutcome, runUrl: string): Promise<number> {
  const { owner, name: repo, defaultBranch: base } = grant.repository;
  const title = neutralLine(outcome.title) || `Work on issue ${grant.issue.number}`;
  try {
    const body = pullRequestBody(grant, outcome, runUrl);
    const { data } = await github.request("POST /repos/{owner}/{repo}/pulls", {
      owner,
      repo,
      base,
      head: grant.branch,
      title,
      body,
      maintainer_can_modify: true,
    });
    return data.number;
  } catch (error) {
    // GitHub may have opened it and lost the answer, or another try was faster: 422 "already exists".
    const adopted = statusOf(error) === 422 ? await openOne(github, grant) : undefined;
    if (adopted === undefined) throw error;
    return adopted;
  }
}

async function addRun(github: GitHub, grant: PublishGrant, pull_number: number, outcome: RunOutcome, runUrl: string): Promise<void> {
  const place = { owner: grant.repository.owner, repo: grant.repository.name, pull_number };
  const { data } = await github.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", place);
  const body = withRun(data.body ?? "", outcome, runUrl);
  if (body !== undefined) await github.request("PATCH /repos/{owner}/{repo}/pulls/{pull_number}", { ...place, body });
}

async function openOne(github: GitHub, { repository: { owner, name: repo }, branch }: PublishGrant): Promise<number | undefined> {
  const { data } = await github.request("GET /repos/{owner}/{repo}/pulls", { owner, repo, head: `${owner}:${branch}`, state: "open" });
  return data.find(({ head }) => head.ref === branch)?.number;
}
