import type { Context } from "hono";
import { z } from "zod";
import { bearerOf } from "../capability.ts";
import { Problem } from "../problem.ts";
import type { Desk } from "./desk.ts";
import { runOfCapability } from "./look-up.ts";

const Query = z.object({ from: z.coerce.number().int().nonnegative() });

/**
 * `POST /api/runs/{run}/transcript?from=…`: the run's notes from that number on, one JSON object a line. Answers `{next}`, the number of the
 * note that is wanted next. They are kept as they come, less the app's own secrets; nothing is decided by them.
 */
export const takeTranscript = (desk: Desk, redact: (text: string) => string) => async (context: Context) => {
  const { runId } = await runOfCapability(desk, bearerOf(context.req.header("authorization")));
  if (runId !== context.req.param("run")) throw new Problem(403, "The bearer belongs to another run.");
  const query = Query.safeParse(context.req.query());
  if (!query.success) throw new Problem(400, "Send ?from=…: the number of the first note, counted from 0.");
  const lines = (await context.req.text()).split("\n").filter((line) => line !== "");
  const wrong = lines.findIndex((line) => !isObject(line));
  if (wrong >= 0) throw new Problem(400, `Note ${query.data.from + wrong} is not a JSON object on one line.`);
  const next = await desk.store.appendTranscript(runId, query.data.from, lines.map(redact));
  if (next === undefined) throw new Problem(404, `There is no run ${runId}.`);
  return context.json({ next }, 202);
};

function isObject(line: string): boolean {
  try {
    const note: unknown = JSON.parse(line);
    return typeof note === "object" && note !== null && !Array.isArray(note);
  } catch {
    return false;
  }
}
