import type { RunRow } from "../../store/runs.ts";
import { Problem } from "../problem.ts";
import type { Desk } from "../runs/desk.ts";
import { runOfCapability } from "../runs/look-up.ts";

/** The run that may use the model with this bearer: under way, neither replaced nor finished, its time not over. */
export async function runAtWork(desk: Pick<Desk, "store">, capability: string): Promise<RunRow> {
  const run = await runOfCapability(desk, capability);
  if (run.outcome !== null) throw new Problem(409, `The run ${run.runId} has finished: it needs no model.`);
  return run;
}

/** How long a run that was replaced may still hear an answer. */
const LOOK_EVERY = 1_000;

/** Looks again and again whether the bearer still holds, and tells once when it does not. Ends when the answer has. */
export function whileAtWork(desk: Pick<Desk, "store">, capability: string, onOver: () => void): { readonly end: () => void } {
  const timer = setInterval(async () => {
    const refusal = await runAtWork(desk, capability).catch((error: unknown) => error);
    // A database that is away for a moment says nothing about the bearer.
    if (!(refusal instanceof Problem)) return;
    clearInterval(timer);
    onOver();
  }, LOOK_EVERY);
  return { end: () => clearInterval(timer) };
}
