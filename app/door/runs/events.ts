import type { Context } from "hono";
import { z } from "zod";
import type { Redact } from "../../../agents/runtime/redact.ts";
import type { Said } from "../../domain/envelope.ts";
import { type EventType, parseEvent, type RigEvent } from "../../domain/events.ts";
import { evolve } from "../../domain/evolve.ts";
import type { Issue } from "../../domain/issue.ts";
import { runOf } from "../../domain/state.ts";
import type { RunRow } from "../../store/runs.ts";
import { bearerOf } from "../capability.ts";
import { Problem } from "../problem.ts";
import type { Desk } from "./desk.ts";
import { withFitLessons } from "./lessons.ts";
import { runOfCapability, subjectOf } from "./look-up.ts";
import { requireOfItsKind, withoutSecrets } from "./reported.ts";

/** What a run may say of itself. All else the Conductor sees at GitHub. */
const allowed = [
  "HEARTBEAT",
  "QUESTION_ASKED",
  "AGENT_STUCK",
  "GUARD_BLOCKED",
  "REVIEW_DISPUTED",
  "RUN_FINISHED",
  "BRANCH_CREATED",
] as const satisfies readonly EventType[];

const Body = z.object({ type: z.enum(allowed, `must be one of ${allowed.join(", ")}`), data: z.unknown() });

/** The history keeps a heartbeat a minute, and every one that shows something new; the latest one is kept apart. */
const THINNED_TO = 60_000;

/** `POST /api/runs/{run}/events`: the runtime, never the model, says how the run goes. The answer may ask it to keep its work and stop. */
export const events = (desk: Desk, redact: Redact) => async (context: Context) => {
  const run = await runOfCapability(desk, bearerOf(context.req.header("authorization")));
  if (run.runId !== context.req.param("run")) throw new Problem(403, "The bearer belongs to another run.");
  const event = readEvent(await context.req.json().catch(() => undefined));
  requireOwn(event, run);
  requireOfItsKind(event, run);

  const { runId } = run;
  const subject = await subjectOf(desk, runId);
  if (event.type === "HEARTBEAT") {
    await desk.store.seen(runId, event.data);
    const [issue, { timeouts }] = await Promise.all([desk.issueOf(subject.stream), desk.policyOf(run.repositoryId)]);
    // Beats come four times within the time-out, so with a third of it every second one is kept.
    const everyMs = Math.min(THINNED_TO, timeouts.heartbeat / 3);
    if (!isNews(issue, { ...event, data: { ...event.data, runId } }, desk.now(), everyMs))
      return context.json({ result: "accepted", ...stopFor(issue, runId) }, 202);
  }
  const said: Said = {
    ...withFitLessons(withoutSecrets(asTheRun(event, run), redact), desk),
    actor: { kind: "agent", login: run.agentId, id: 0 },
  };
  const { result, version, reason } = await desk.record(subject, [said], runId);
  if (result === "rejected") desk.countRejected(event.type);
  return context.json({ result, version, reason, ...stopFor(await desk.issueOf(subject.stream), runId) }, 202);
};

/** Whether a heartbeat shows other files, another test run or another commit, or the last one that was kept is too old. */
function isNews(issue: Issue, event: RigEvent<"HEARTBEAT">, now: Date, everyMs: number): boolean {
  const runId = event.data.runId ?? "";
  const run = runOf(issue, runId);
  const mark = (of: Issue) => runOf(of, runId)?.progress?.mark.trim() ?? "";
  return !run?.lastSeenAt || now.getTime() - run.lastSeenAt.getTime() >= everyMs || mark(evolve(issue, event, now)) !== mark(issue);
}

/** A run that something more urgent waits for is asked again with every answer, until its work is kept. */
function stopFor(issue: Issue, runId: string): { readonly stop?: "checkpoint" } {
  const run = runOf(issue, runId);
  return run?.asked && !run.checkpoint && !run.finished ? { stop: "checkpoint" } : {};
}

function readEvent(json: unknown): RigEvent<(typeof allowed)[number]> {
  const body = Body.safeParse(json);
  if (!body.success) throw invalid(body.error);
  try {
    return parseEvent(body.data.type, body.data.data) as RigEvent<(typeof allowed)[number]>;
  } catch (error) {
    throw error instanceof z.ZodError ? invalid(error, "data") : error;
  }
}

function invalid(error: z.ZodError, ...above: string[]): Problem {
  const issue = error.issues[0];
  return new Problem(400, `${[...above, ...(issue?.path ?? [])].join(".") || "The body"}: ${issue?.message}.`);
}

/** A run speaks for itself only. */
function requireOwn({ data }: RigEvent, { runId, agentId }: RunRow): void {
  if ("runId" in data && data.runId !== undefined && data.runId !== runId) throw new Problem(400, `data.runId: this is the run ${runId}.`);
  if ("agentId" in data && data.agentId !== agentId) throw new Problem(400, `data.agentId: this run's agent is ${agentId}.`);
}

/** The gateway counted what the model used, and who asks is known: what the run says of either is not asked. */
function asTheRun(event: RigEvent, run: RunRow): RigEvent {
  if (event.type === "QUESTION_ASKED") return { type: event.type, data: { text: event.data.text, by: run.agentId, runId: run.runId } };
  if (event.type === "REVIEW_DISPUTED") return { type: event.type, data: { ...event.data, by: run.agentId } };
  if (event.type !== "RUN_FINISHED") return event;
  return { type: event.type, data: { ...event.data, usd: run.usd, tokens: run.tokens } };
}
