/** The pull request of a pushed branch: adopted when it is there, else opened. */
import { fence } from "../../agents/runtime/fence.ts";
import { neutralLine } from "../../agents/runtime/neutral.ts";
import type { RunOutcome } from "../../agents/runtime/outcome.ts";
import type { PublishGrant } from "../../agents/runtime/task.ts";
import { type GitHub, statusOf } from "./github.ts";
import { runMarker } from "./marker.ts";

/** Answers its number. */
export async function openPullRequest(github: GitHub, grant: PublishGrant, outcome: RunOutcome, runUrl: string): Promise<number> {
  if (grant.pullRequest) return grant.pullRequest.number;
  const existing = await openOne(github, grant);
  if (existing !== undefined) return existing;
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

async function openOne(github: GitHub, { repository: { owner, name: repo }, branch }: PublishGrant): Promise<number | undefined> {
  const { data } = await github.request("GET /repos/{owner}/{repo}/pulls", { owner, repo, head: `${owner}:${branch}`, state: "open" });
  return data.find(({ head }) => head.ref === branch)?.number;
}

/** What, why, how it was tested. The agent's words stand in a block they cannot leave. */
export function pullRequestBody({ issue }: PublishGrant, outcome: RunOutcome, runUrl: string): string {
  return [
    runMarker(outcome.runId),
    `Closes #${issue.number}`,
    "### What and why\n\nIn the agent's own words:",
    fence(outcome.summary.slice(0, 20_000)),
    `### How it was tested\n\n${tested(outcome.testsExitCode)}`,
    `[The run](${runUrl}) · ${outcome.usage.turns} turns · ${outcome.usage.minutes} minutes · $${outcome.usage.usd.toFixed(2)}`,
  ].join("\n\n");
}

function tested(exitCode: number | undefined): string {
  if (exitCode === undefined) return "The repository configures no test command, so the Rig ran none.";
  if (exitCode === 0) return "The Rig ran the project's test command on this change after the agent was done: it passed.";
  return `The Rig ran the project's test command on this change after the agent was done: it **failed** with exit code ${exitCode}.`;
}
