/** The work job: claims a run, lets the agent work, says how it went. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { getInput, info, setFailed, setOutput, setSecret, summary } from "@actions/core";
import { z } from "zod";
import type { RunOutcome } from "../../agents/runtime/outcome.ts";
import { openReport } from "../../agents/runtime/report.ts";
import { runTask } from "../../agents/runtime/run.ts";
import { confinementOf } from "../../agents/runtime/sandbox/choice.ts";
import { Task } from "../../agents/runtime/task.ts";
import { ask, conductorUrl, sentence } from "../job.ts";
import { jobSummary } from "./summary.ts";

const Started = z.object({ runId: z.uuid() });

async function main(signal: AbortSignal): Promise<void> {
  const conductor = conductorUrl(getInput("conductor", { required: true }));
  const workspace = process.env.GITHUB_WORKSPACE;
  if (!workspace) throw new Error("GITHUB_WORKSPACE is not set; this action runs in a job with a checkout.");
  const output = path.resolve(workspace, getInput("output", { required: true }));
  if (!path.relative(workspace, output).startsWith(".."))
    throw new Error(`The output folder ${output} lies in the checkout; put it outside, under runner.temp.`);
  const confinement = confinementOf(getInput("sandbox"), getInput("network"));

  const runId = getInput("run") || (await startedWithoutRun(conductor));
  setOutput("run", runId);
  const task = parseTask(await ask(`${conductor}/api/runs/${encodeURIComponent(runId)}/claim`, {}));
  setSecret(task.capability);
  info(
    `${task.character.name} begins (${task.kind}${task.issue.number > 0 ? `, #${task.issue.number}` : ""}, attempt ${task.attempt}); it has ${task.limits.minutes} minutes.`,
  );

  const outcome = await runTask(task, workspace, output, {
    report: openReport(conductor, task.runId, task.capability),
    signal,
    now: () => new Date(),
    log: info,
    secrets: secretsOfJob(),
    confinement,
    readable: process.env.RUNNER_TOOL_CACHE ? [process.env.RUNNER_TOOL_CACHE] : [],
  });
  setOutput("outcome", outcome.outcome);
  setOutput("answered", String(outcome.outcome === "nothing_to_do" && outcome.answers.length > 0));
  await summarise(task, outcome, path.join(output, "transcript.jsonl"));
  if (outcome.outcome === "failed") throw new Error(`The run failed: ${outcome.summary}`);
}

/** What the runner gave this job alone: with the first of them it can say who it is. */
const secretsOfJob = (): string[] =>
  Object.entries(process.env).flatMap(([name, value]) =>
    value && value.length >= 16 && /TOKEN|SECRET|PASSWORD|_KEY$/i.test(name) ? [value] : [],
  );

/** A person pressed "Run workflow" with an issue's number; or a schedule or a person started an agent that needs none, as the Conductor decides. */
async function startedWithoutRun(conductor: string): Promise<string> {
  const [agent, number] = [getInput("agent"), getInput("issue")];
  const issue = Number(number);
  const none = number === "" && agent !== "";
  if (!none && (!Number.isInteger(issue) || issue < 1))
    throw new Error("Neither a run nor an issue is given; one of the two says what to work on.");
  return Started.parse(await ask(`${conductor}/api/runs`, none ? { agent } : { agent, issue })).runId;
}

function parseTask(answer: unknown): Task {
  const task = Task.safeParse(answer);
  if (task.success) return task.data;
  const issue = task.error.issues[0];
  throw new Error(
    `The Conductor's task does not fit this version of the action: ${issue?.path.join(".")}: ${issue?.message}. Update one of them.`,
  );
}

async function summarise(task: Task, outcome: RunOutcome, transcript: string): Promise<void> {
  if (!process.env.GITHUB_STEP_SUMMARY) return;
  const lines = (await readFile(transcript, "utf8")).split("\n").filter((line) => line !== "");
  await summary
    .addRaw(
      `${jobSummary(
        task,
        outcome,
        lines.map((line) => JSON.parse(line)),
      )}\n`,
    )
    .write();
}

const told = new AbortController();
for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => told.abort());
await main(told.signal).catch((error) => setFailed(sentence(error)));
// What may still hold the process, an idle connection or a watcher, has nothing left to do.
process.exit();
