/** One run of an agent, from its task to what it leaves behind: outcome.json, transcript.jsonl and, for a change, work.bundle. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { begin, keepWork } from "./checkpoint.ts";
import { stopped, stuck } from "./endings.ts";
import { messageOf } from "./errors.ts";
import { TooLarge } from "./growth.ts";
import { endsWith, isRound } from "./kinds.ts";
import { type Progress, unused } from "./loop.ts";
import { measure } from "./measure.ts";
import type { Diagnosis, Proposal, RunOutcome } from "./outcome.ts";
import { pieceFinder, type Redact, redactedIn, redactor } from "./redact.ts";
import { beat, type Report, tellEnd } from "./report.ts";
import { openSandbox, type Sandbox, type SandboxOptions } from "./sandbox/sandbox.ts";
import { letWork } from "./session.ts";
import { openStopper, type Stopper } from "./stop.ts";
import type { Task } from "./task.ts";
import { tellTranscript } from "./tell-transcript.ts";
import type { Ending } from "./tools/tool.ts";
import { type Note, openTranscript } from "./transcript.ts";
import { watchTree } from "./tree.ts";
import type { Checkout } from "./workspace.ts";

export interface RunDeps {
  readonly report: Report;
  /** Given when the job is told to end. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly log: (line: string) => void;
  /** What the job knows and nobody else may, besides the task's own capability. */
  readonly secrets?: readonly string[];
  /** Shown read-only to commands: a tool cache. */
  readonly readable?: readonly string[];
  /** What the operator chose; else what this machine allows, with the host's network. */
  readonly confinement?: Pick<SandboxOptions, "choice" | "network">;
}

const HEARTBEAT = 30_000;
const GRACE = 60_000;

type End = Ending & { readonly testsExitCode?: number };

/**
 * However it goes, the outcome is on disk and the Conductor is told; of a run that was asked or told to stop it knows by the kept work.
 * Throws only when the Conductor will not hear it.
 */
export async function runTask(task: Task, workspace: string, output: string, deps: RunDeps): Promise<RunOutcome> {
  const started = deps.now();
  const secrets = [task.capability, ...(deps.secrets ?? [])];
  const redact = redactor(secrets);
  await mkdir(output, { recursive: true });
  const transcript = openTranscript(path.join(output, "transcript.jsonl"), redact, deps.now);
  const { note } = transcript;
  note("task", described(task));
  const stopper = openStopper({ minutes: task.limits.minutes, graceMs: task.checkpointMs ?? GRACE, told: deps.signal });
  const blocked: Promise<unknown>[] = [];
  let progress = unused;
  let treeSha: () => string | undefined = () => undefined;
  const heartbeat = beat({
    report: deps.report,
    data: () => ({ agentId: task.agentId, status: "working", runId: task.runId, progress: shown(progress, treeSha()) }),
    everyMs: task.heartbeatMs ?? HEARTBEAT,
    onFenced: () => stopper.stop("fenced"),
    onAsked: stopper.ask,
  });
  const telling = tellTranscript({ report: deps.report, transcript, everyMs: task.heartbeatMs ?? HEARTBEAT });
  try {
    const inside: Inside = {
      ...{ ...deps, output, note, redact, stopper, holdsSecret: pieceFinder(secrets) },
      onProgress: (made) => {
        progress = made;
      },
      onTree: (sha) => {
        treeSha = sha;
      },
      onBlocked: (rule, detail) => {
        // What the Conductor does not hear stands in the transcript.
        const data = { runId: task.runId, rule, detail: redact(detail).slice(0, 2_000) };
        blocked.push(deps.report.event("GUARD_BLOCKED", data).catch(() => undefined));
      },
    };
    const end = await confinedWork(task, workspace, inside).catch((error) =>
      stopper.signal.aborted ? stopped(stopper.signal.reason) : failed(error),
    );
    note("end", { ...end });
    const minutes = Math.round((deps.now().getTime() - started.getTime()) / 600) / 100;
    const { usd, tokens, turns, toolCalls } = progress;
    const outcome = outcomeOf(task, end, { usd, tokens, turns, toolCalls, minutes }, redact);
    await writeFile(path.join(output, "outcome.json"), `${JSON.stringify(outcome, null, 2)}\n`);
    // Before its end is told: nobody listens to it after that.
    await Promise.all([telling.finish(), ...blocked]);
    if (end.keep !== "asked" && end.keep !== "told") await tellEnd(deps.report, task, outcome, end.keep === "no-model" ? "infra" : "agent");
    return outcome;
  } finally {
    heartbeat.stop();
    telling.stop();
    stopper.done();
  }
}

/** What the run is, for whoever reads its transcript. */
const described = ({ runId, agent, agentId, kind, attempt, baseSha, branch, limits, character }: Task) => ({
  ...{ runId, agent, agentId, kind, attempt, baseSha, branch, limits },
  ...{ model: character.llm.model, engine: character.llm.engine },
});

const shown = ({ turns, toolCalls, testRuns, sameCalls }: Progress, treeSha: string | undefined) => ({
  ...{ turns, toolCalls, testRuns, sameCalls },
  ...(treeSha === undefined ? {} : { treeSha }),
});

interface Inside extends Omit<RunDeps, "signal"> {
  readonly output: string;
  readonly note: Note;
  readonly redact: Redact;
  readonly holdsSecret: (text: string) => boolean;
  readonly stopper: Stopper;
  readonly onProgress: (progress: Progress) => void;
  readonly onTree: (sha: () => string | undefined) => void;
  readonly onBlocked: (rule: string, detail: string) => void;
}

async function confinedWork(task: Task, workspace: string, inside: Inside): Promise<End> {
  const folder = await mkdtemp(path.join(tmpdir(), "rig-run-"));
  try {
    const { checkout, resumed } = await begin(task, workspace, { ...inside, folder });
    const watch = watchTree(checkout, folder);
    inside.onTree(watch.sha);
    const sandbox = await openSandbox({ workspace, readable: inside.readable ?? [], ...inside.confinement });
    try {
      const { kind, network } = sandbox;
      inside.log(`Commands run in this sandbox: ${kind}; network: ${network}.`);
      inside.note("sandbox", { kind, network });
      const end = await letWork(task, { workspace, sandbox, resumed, watch }, inside);
      return await deliver(task, end, { checkout, sandbox, folder }, inside);
    } finally {
      await watch.close();
      await sandbox.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Place {
  readonly checkout: Checkout;
  readonly sandbox: Sandbox;
  readonly folder: string;
}

/** What becomes of the workspace: a change with its test result, work in progress that is kept, or nothing. */
async function deliver(task: Task, end: Ending, place: Place, inside: Inside): Promise<End> {
  const { asked, signal } = inside.stopper;
  const misled = wrongEnd(task, end);
  if (misled) return misled;
  // Of a round nothing is kept: whoever takes it up again looks for itself.
  if (isRound(task.kind)) return end;
  if (end.outcome !== "patch") {
    if (end.keep) await keepWork({ ...inside, ...place, task });
    return end;
  }
  const { sha, testsExitCode } = await measure({
    ...inside,
    ...place,
    task,
    title: end.title,
    said: spoken(end),
    signal: AbortSignal.any([asked, signal]),
  });
  if (asked.aborted) {
    await keepWork({ ...inside, ...place, task, sha });
    return stopped(asked.reason);
  }
  if (sha === undefined) return { ...end, outcome: "nothing_to_do" };
  return testsExitCode === undefined ? end : { ...end, testsExitCode };
}

/** A round ends with what it has to say, and nothing that it did becomes a change or a review; nobody else reports. */
function wrongEnd({ kind }: Task, { outcome, diagnosis, proposals }: Ending): Ending | undefined {
  const said = { diagnose: diagnosis, propose: proposals };
  const wrong = isRound(kind) ? resultsElsewhere.has(outcome) || (outcome === "report" && said[kind] === undefined) : outcome === "report";
  return wrong ? stuck(`It ended with ${outcome}, and a run of the kind ${kind} ends with ${endsWith(kind)}.`) : undefined;
}

const resultsElsewhere: ReadonlySet<Ending["outcome"]> = new Set(["patch", "review", "question"]);

/** What was done and why, for the commit. */
const spoken = ({ summary, why = "" }: Ending): string => `${summary} ${why}`.trim();

const failed = (error: unknown): End =>
  error instanceof TooLarge
    ? { outcome: "limit_reached", title: "Too large", summary: error.message }
    : { outcome: "failed", title: "Failed", summary: messageOf(error) };

function outcomeOf({ runId }: Task, end: End, usage: RunOutcome["usage"], redact: Redact): RunOutcome {
  return {
    runId,
    outcome: end.outcome,
    title: redact(end.title),
    summary: redact(end.summary),
    ...(end.testsExitCode === undefined ? {} : { testsExitCode: end.testsExitCode }),
    ...(end.why === undefined ? {} : { why: redact(end.why) }),
    ...(end.tested === undefined ? {} : { tested: redact(end.tested) }),
    ...(end.verdict ? { verdict: end.verdict } : {}),
    findings: (end.findings ?? []).map((finding) => ({ ...finding, path: redact(finding.path), text: redact(finding.text) })),
    answers: (end.answers ?? []).map((answer) => ({ ...answer, why: redact(answer.why) })),
    revisited: (end.revisited ?? []).map((said) => ({ ...said, why: redact(said.why) })),
    lessons: (end.lessons ?? []).map(({ kind, text, evidence }) => ({ kind, text: redact(text), evidence: redact(evidence) })),
    ...(end.diagnosis ? { diagnosis: clean(end.diagnosis, redact) } : {}),
    ...(end.proposals ? { proposals: end.proposals.map((one) => clean(one, redact)) } : {}),
    usage,
  };
}

const clean = <T extends Diagnosis | Proposal>(said: T, redact: Redact): T => redactedIn(said, redact) as T;
