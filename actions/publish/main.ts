/** The publish job: no model, none of the agent's code; it checks and then does what the Conductor grants. */
import { lstat, readFile } from "node:fs/promises";
import path from "node:path";
import { getInput, info, setFailed, setOutput, setSecret } from "@actions/core";
import { RunOutcome } from "../../agents/runtime/outcome.ts";
import { type Redact, redactor } from "../../agents/runtime/redact.ts";
import { openReport } from "../../agents/runtime/report.ts";
import { PublishGrant } from "../../agents/runtime/task.ts";
import { ask, conductorUrl, sentence } from "../job.ts";
import { postAnswers, requireAsked } from "./answers.ts";
import { type GitHub, openGitHub, persistently } from "./github.ts";
import { GuardError } from "./guard-error.ts";
import { publishPatch } from "./patch.ts";
import { submitReview } from "./review.ts";

const MOST_BYTES = 1024 * 1024;

async function main(): Promise<void> {
  const conductor = conductorUrl(getInput("conductor", { required: true }));
  const run = getInput("run", { required: true });
  const artifact = path.resolve(getInput("artifact", { required: true }));
  const grant = PublishGrant.parse(await ask(`${conductor}/api/runs/${encodeURIComponent(run)}/publish-token`, {}));
  setSecret(grant.token);
  setSecret(grant.capability);
  try {
    await publish(run, artifact, grant);
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    const detail = redactor([grant.token, grant.capability])(error.message).slice(0, 2_000);
    await openReport(conductor, run, grant.capability).event("GUARD_BLOCKED", { runId: run, rule: error.rule, detail });
    throw new Error(`Not published, by the rule ${error.rule}: ${detail}`);
  }
}

async function publish(run: string, artifact: string, grant: PublishGrant): Promise<void> {
  if (grant.outcome !== "patch" && grant.outcome !== "review" && grant.outcome !== "nothing_to_do") {
    info(`The run ended with ${grant.outcome}: there is nothing to publish.`);
    return;
  }
  const outcome = await readOutcome(path.join(artifact, "outcome.json"), redactor([grant.token, grant.capability]));
  if (outcome.runId !== run || outcome.outcome !== grant.outcome) {
    throw new GuardError(
      "artifact",
      `The artifact is of run ${outcome.runId} with outcome ${outcome.outcome}; granted is run ${run} with ${grant.outcome}.`,
    );
  }
  const server = process.env.GITHUB_SERVER_URL ?? "https://github.com";
  const { owner, name } = grant.repository;
  const runUrl = `${server}/${process.env.GITHUB_REPOSITORY ?? `${owner}/${name}`}/actions/runs/${process.env.GITHUB_RUN_ID ?? ""}`;
  const remote = { url: `${server}/${owner}/${name}.git`, token: grant.token };
  const github = openGitHub(grant.token);
  const number =
    grant.outcome === "patch"
      ? await publishPatch({ grant, outcome, artifact, remote, github, runUrl })
      : await persistently(() =>
          grant.outcome === "review" ? submitReview(github, grant, outcome, runUrl) : answer(github, grant, outcome),
        );
  setOutput("pull-request", number);
  info(`${done[grant.outcome]} pull request #${number}.`);
}

const done = { patch: "Published as", review: "Reviewed", nothing_to_do: "Answered on" } as const;

/** The author changed nothing and says why. */
async function answer(github: GitHub, grant: PublishGrant, outcome: RunOutcome): Promise<number> {
  requireAsked(outcome, grant);
  if (!grant.pullRequest) throw new Error("The run answers findings, but there is no pull request.");
  await postAnswers(github, grant, outcome, grant.pullRequest.number);
  return grant.pullRequest.number;
}

/** The words of a run, which may not hold a secret (R20), whatever the work job made of them. */
async function readOutcome(file: string, redact: Redact): Promise<RunOutcome> {
  const found = await lstat(file).catch(() => undefined);
  if (!found?.isFile() || found.size > MOST_BYTES)
    throw new GuardError("artifact", "The artifact holds no outcome.json of a sensible size.");
  try {
    return RunOutcome.parse(JSON.parse(await readFile(file, "utf8"), (_, value) => (typeof value === "string" ? redact(value) : value)));
  } catch {
    throw new GuardError("artifact", "The artifact's outcome.json is not what a run writes.");
  }
}

await main().catch((error) => setFailed(sentence(error)));
process.exit();
