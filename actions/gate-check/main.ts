/** The human gates as an Action, for repositories without the Rig's server. It reads GitHub, writes one check, and runs nothing of the head. */
import { getInput, info, setFailed, setOutput, setSecret, summary } from "@actions/core";
import { run } from "@probot/adapter-github-actions";
import { redactor } from "../../agents/runtime/redact.ts";
import { cut, inMarkdown } from "../../app/domain/escape.ts";
import { asked } from "./asked.ts";
import type { Desk } from "./check.ts";
import { connect } from "./client.ts";
import { checkGates, type Outcome } from "./gates.ts";
import { askTeamsWith } from "./teams.ts";
import { wordsOf } from "./words.ts";

const MOST_SUMMARY = 200_000;
const MOST_ERROR = 1_000;

const token = getInput("token", { required: true });
const teamToken = getInput("team-token");
const redact = redactor([token, teamToken]);
for (const secret of [token, teamToken]) if (secret) setSecret(secret);

function openDesk(): Desk {
  const [owner, repo] = (process.env.GITHUB_REPOSITORY ?? "").split("/");
  if (!owner || !repo) throw new Error("GITHUB_REPOSITORY is not set; this action runs in a job of GitHub Actions.");
  const apiUrl = process.env.GITHUB_API_URL ?? "https://api.github.com";
  const octokit = connect(apiUrl, token);
  askTeamsWith(octokit, teamToken ? connect(apiUrl, teamToken) : undefined);
  return { octokit, owner, repo, redact };
}

/** A run that can do nothing more says why in one sentence, and the job is red. */
const fail = (error: unknown): void => setFailed(cut(redact(wordsOf(error)), MOST_ERROR));

async function hear(event: string, payload: unknown): Promise<void> {
  const answer = asked(event, payload);
  if ("nothing" in answer) return info(answer.nothing);
  const outcome = await checkGates(openDesk(), answer, teamToken !== "");
  if (!outcome) return info(`#${answer.number} is closed: nothing is judged.`);
  if (process.env.GITHUB_OUTPUT) setOutput("conclusion", outcome.conclusion);
  await summarise(outcome);
  if (outcome.conclusion !== "success") throw new Error(outcome.title);
  info(outcome.title);
}

async function summarise({ number, headSha, title, summary: table, text }: Outcome): Promise<void> {
  if (!process.env.GITHUB_STEP_SUMMARY) return;
  const page = [`### Gates of #${number} at ${headSha.slice(0, 7)}`, inMarkdown(title), table, text].join("\n\n");
  await summary.addRaw(cut(redact(page), MOST_SUMMARY), true).write();
}

let heard = false;
await run((app) => {
  // The adapter would print the whole payload of an event that fails, and end with 0: whatever goes wrong is said here, and once.
  app.log.level = "silent";
  app.onError(() => setFailed("The gates were not judged."));
  app.onAny(async ({ name, payload }) => {
    heard = true;
    await hear(name, payload).catch(fail);
  });
}).catch(fail);
if (!heard) setFailed("No event reached the gates: nothing was judged.");
// What may still hold the process, an idle connection or a timer, has nothing left to do.
process.exit();
