import type { Context } from "hono";
import { z } from "zod";
import { isRound } from "../../../agents/runtime/kinds.ts";
import { conductor } from "../../domain/envelope.ts";
import { RunId, Sha } from "../../domain/ids.ts";
import { runOf } from "../../domain/state.ts";
import type { RunRow } from "../../store/runs.ts";
import { bearerOf } from "../capability.ts";
import { Problem } from "../problem.ts";
import type { Desk } from "./desk.ts";
import { runOfCapability, subjectOf } from "./look-up.ts";
import { requestOf } from "./task.ts";

const Query = z.object({ sha: Sha, base: Sha });

/** `POST /api/runs/{run}/checkpoint?sha=…&base=…`: a run that has to stop leaves its work in progress as a git bundle, or nothing where it has none. */
export const takeCheckpoint = (desk: Desk) => async (context: Context) => {
  const run = await runOfCapability(desk, bearerOf(context.req.header("authorization")));
  const { runId } = run;
  if (runId !== context.req.param("run")) throw new Problem(403, "The bearer belongs to another run.");
  if (isRound(run.kind)) throw new Problem(409, `A run of the kind ${run.kind} leaves nothing but words.`);
  if (run.outcome !== null) throw new Problem(409, `The run ${runId} has finished: there is nothing to keep.`);
  if (context.req.header("content-type") !== "application/octet-stream")
    throw new Problem(415, "Send the bundle as application/octet-stream.");
  const query = Query.safeParse(context.req.query());
  if (!query.success) throw new Problem(400, "Send ?sha=…&base=…: the commit with the work, and the commit it stands on.");
  const { sha, base } = query.data;
  const bytes = Buffer.from(await context.req.arrayBuffer());
  requireFitting(run, sha, base, bytes);

  const subject = await subjectOf(desk, runId);
  if (!(await desk.store.saveCheckpoint({ runId, baseSha: base, sha, bytes })))
    throw new Problem(409, `The run ${runId} is superseded: something newer took its place.`);
  // A repeated call, because an answer was lost, is no second fact.
  if (runOf(await desk.issueOf(subject.stream), runId)?.checkpoint === sha) return context.json({ result: "duplicate" }, 202);
  const saved = { type: "CHECKPOINT_SAVED", data: { runId, sha, bytes: bytes.length, usd: run.usd }, actor: conductor } as const;
  const { result, version, reason } = await desk.record(subject, [saved], runId);
  if (result === "rejected") throw new Problem(409, `The run ${runId} cannot keep its work: ${reason}`);
  return context.json({ result, version }, 202);
};

/** `GET /api/runs/{run}/checkpoint`: what that run left, for the run that was asked to go on with it and for no other. */
export const giveCheckpoint = (desk: Desk) => async (context: Context) => {
  const own = await runOfCapability(desk, bearerOf(context.req.header("authorization")));
  const left = RunId.safeParse(context.req.param("run"));
  const { stream } = await subjectOf(desk, own.runId);
  const { resumes } = await requestOf(desk, stream, own.runId);
  if (!left.success || resumes !== left.data) throw new Problem(403, `The run ${own.runId} was not asked to go on with that run's work.`);
  const bytes = await desk.store.checkpointBytes(left.data);
  if (!bytes?.length) throw new Problem(404, `The run ${left.data} left no work.`);
  return context.body(new Uint8Array(bytes), 200, { "content-type": "application/octet-stream" });
};

/** Whether this can be a bundle of that commit on the run's base; whoever goes on with it has git look closely. */
function requireFitting({ runId, baseSha }: RunRow, sha: Sha, base: Sha, bytes: Buffer): void {
  if (base !== baseSha) throw new Problem(400, `The run ${runId} began at ${baseSha}, not at ${base}.`);
  if (bytes.length === 0) {
    if (sha !== base) throw new Problem(400, "Without a bundle the commit is the base itself.");
    return;
  }
  const [signature, ...lines] = (bytes.subarray(0, 2_000).toString("latin1").split("\n\n")[0] ?? "").split("\n");
  if (!/^# v[23] git bundle$/.test(signature ?? "")) throw new Problem(400, "The body is not a git bundle.");
  const brings = lines.filter((line) => /^[0-9a-f]{40} refs\//.test(line));
  if (brings.length !== 1 || !brings[0]?.startsWith(sha)) throw new Problem(400, `The bundle does not bring the one commit ${sha}.`);
  if (!lines.some((line) => line.startsWith(`-${base}`))) throw new Problem(400, `The bundle does not stand on ${base}.`);
}
