/** What a run tells the Conductor, and what it is asked for in return. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { ConductorError, postBytes, postJson } from "./conductor.ts";
import type { RunOutcome } from "./outcome.ts";
import type { Task } from "./task.ts";

export interface Report {
  /** Throws `ConductorError` when it is refused, or when the Conductor stays away. */
  readonly event: (type: string, data: Readonly<Record<string, unknown>>) => Promise<Reply>;
  /** Hands over the work in progress. Throws as `event` does. */
  readonly checkpoint: (kept: Kept) => Promise<void>;
  /** Hands over notes of the transcript, the first of which has this number. Answers the number of the one wanted next. Throws as `event` does. */
  readonly transcript: (from: number, notes: readonly string[]) => Promise<number>;
}

/** `stop`: keep the work in progress and end. */
const Reply = z.object({ stop: z.literal("checkpoint").optional() }).catch({});
export type Reply = z.infer<typeof Reply>;

const Next = z.object({ next: z.number().int().nonnegative() });

/** Nobody waits long for what is only to be read. */
const TRANSCRIPT_PATIENCE = 10_000;

/** Work in progress: one commit on the base as a git bundle; the base itself and no bytes where there is none. */
export interface Kept {
  readonly sha: string;
  readonly base: string;
  readonly bytes: Buffer;
}

/** Whoever needs the slot does not wait long. */
const CHECKPOINT_PATIENCE = 30_000;

export function openReport(conductor: string, runId: string, capability: string): Report {
  const url = `${conductor}/api/runs/${runId}`;
  return {
    event: async (type, data) => Reply.parse(await postJson({ url: `${url}/events`, bearer: capability, body: { type, data } })),
    checkpoint: async ({ sha, base, bytes }) => {
      await postBytes({
        url: `${url}/checkpoint?${new URLSearchParams({ sha, base })}`,
        bearer: capability,
        bytes,
        patienceMs: CHECKPOINT_PATIENCE,
      });
    },
    transcript: async (from, notes) => {
      const bytes = Buffer.from(`${notes.join("\n")}\n`);
      return Next.parse(
        await postBytes({ url: `${url}/transcript?from=${from}`, bearer: capability, bytes, patienceMs: TRANSCRIPT_PATIENCE }),
      ).next;
    },
  };
}

export interface Heartbeat {
  readonly stop: () => void;
}

export interface Beating {
  readonly report: Report;
  readonly data: () => Readonly<Record<string, unknown>>;
  readonly everyMs: number;
  /** A refusal means that the run was replaced. */
  readonly onFenced: () => void;
  /** The answer asks to keep the work and stop. */
  readonly onAsked: () => void;
}

/** Says at once and then every so often that the run lives. */
export function beat({ report, data, everyMs, onFenced, onAsked }: Beating): Heartbeat {
  let busy = false;
  const once = async () => {
    if (busy) return;
    busy = true;
    try {
      if ((await report.event("HEARTBEAT", data())).stop) onAsked();
    } catch (error) {
      // Silence is the Conductor's to judge; a missed beat is no reason to stop working.
      if (error instanceof ConductorError && error.status === 409) onFenced();
    } finally {
      busy = false;
    }
  };
  void once();
  const timer = setInterval(once, everyMs);
  return { stop: () => clearInterval(timer) };
}

/** How the run ended; one that is stuck, or for which there was no model, also says why, so that whoever comes next can read it, and a question is asked before. */
export async function tellEnd({ event }: Report, task: Task, outcome: RunOutcome, cause: "agent" | "infra" = "agent"): Promise<void> {
  const { runId, usage, testsExitCode, summary } = outcome;
  if (outcome.outcome === "stuck" || cause === "infra") {
    const fingerprint = createHash("sha256").update(summary.toLowerCase().replace(/\d+/g, "0")).digest("hex").slice(0, 16);
    await event("AGENT_STUCK", { agentId: task.agentId, runId, attempt: task.attempt, cause, reason: summary, fingerprint });
  }
  if (outcome.outcome === "question") await event("QUESTION_ASKED", { text: summary, by: task.agentId, runId }).catch(unlessFenced);
  const disputed = disputeOf(task, outcome);
  if (disputed) await event("REVIEW_DISPUTED", disputed).catch(unlessFenced);
  const { usd, tokens, turns, minutes } = usage;
  const tests = testsExitCode === undefined ? {} : { testsExitCode };
  // Only what becomes a pull request can be judged by people, and its lessons with it.
  const learned = outcome.outcome === "patch" && outcome.lessons.length > 0 ? { lessons: outcome.lessons } : {};
  const said = unexplained.has(outcome.outcome) ? { summary: summary.slice(0, MOST_SAID) } : {};
  const { diagnosis, proposals } = outcome;
  const reported = { ...(diagnosis && { diagnosis }), ...(proposals && { proposals }) };
  const end = { runId, outcome: outcome.outcome, usd, tokens, turns, minutes, ...tests, ...learned, ...reported, ...said };
  await event("RUN_FINISHED", end).catch(unlessFenced);
}

/** Ends of which nothing else tells why, or which are all that there is: people and the next attempt read it. */
const unexplained: ReadonlySet<RunOutcome["outcome"]> = new Set(["failed", "limit_reached", "blocked", "nothing_to_do", "report"]);
const MOST_SAID = 500;

const MOST_WORDS = 2_000;

/** Findings that the agent objects to instead of changing; undefined where there are none. */
function disputeOf({ pullRequest, baseSha, agentId }: Task, { runId, outcome, summary, answers }: RunOutcome) {
  const findings = answers.flatMap(({ finding, did, why }) => (did === "disputed" ? [{ id: finding, why: why.slice(0, MOST_WORDS) }] : []));
  if (!pullRequest || findings.length === 0 || (outcome !== "patch" && outcome !== "nothing_to_do")) return undefined;
  return { prNumber: pullRequest.number, headSha: baseSha, by: agentId, why: summary.slice(0, MOST_WORDS), findings, runId };
}

/** Fenced: the work is another run's by now, and nobody waits for this one. */
function unlessFenced(error: unknown): void {
  if (!(error instanceof ConductorError && error.status === 409)) throw error;
}
