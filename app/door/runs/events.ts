import type { Context } from "hono";
import { z } from "zod";
import type { Said } from "../../domain/envelope.ts";
import { type EventType, parseEvent, type RigEvent } from "../../domain/events.ts";
import { runOf } from "../../domain/issue.ts";
import type { RunRow } from "../../store/runs.ts";
import { bearerOf } from "../capability.ts";
import { Problem } from "../problem.ts";
import type { Desk } from "./desk.ts";
import { runOfCapability, subjectOf } from "./look-up.ts";

/** What a run may say of itself. All else the Conductor sees at GitHub. */
const allowed = [
  "HEARTBEAT",
  "QUESTION_ASKED",
  "AGENT_STUCK",
  "GUARD_BLOCKED",
  "RUN_FINISHED",
  "BRANCH_CREATED",
] as const satisfies readonly EventType[];

const Body = z.object({ type: z.enum(allowed, `must be one of ${allowed.join(", ")}`), data: z.unknown() });

/** The history keeps a heartbeat a minute; the latest one is kept apart. */
const THINNED_TO = 60_000;

/** `POST /api/runs/{run}/events`: the runtime, never the model, says how the run goes. */
export const events = (desk: Desk) => async (context: Context) => {
  const run = await runOfCapability(desk, bearerOf(context.req.header("authorization")));
  if (run.runId !== context.req.param("run")) throw new Problem(403, "The bearer belongs to another run.");
  const event = readEvent(await context.req.json().catch(() => undefined));
  requireOwn(event, run);

  const { runId } = run;
  const subject = await subjectOf(desk, runId);
  if (event.type === "HEARTBEAT") {
    await desk.store.seen(runId, event.data);
    const lastKept = runOf(await desk.issueOf(subject.stream), runId)?.lastSeenAt;
    if (lastKept && desk.now().getTime() - lastKept.getTime() < THINNED_TO) return context.json({ result: "accepted" }, 202);
  }
  const said: Said = { ...withCounted(event, run), actor: { kind: "agent", login: run.agentId, id: 0 } };
  const { result, version, reason } = await desk.record(subject, [said], runId);
  if (result === "rejected") desk.countRejected(event.type);
  return context.json({ result, version, reason }, 202);
};

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

/** The gateway counted what the model used; what the run says of it is not asked. */
function withCounted(event: RigEvent, run: RunRow): RigEvent {
  if (event.type !== "RUN_FINISHED") return event;
  return { type: event.type, data: { ...event.data, usd: run.usd, tokens: run.tokens } };
}
