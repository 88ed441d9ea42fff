/** How a run ends that did not end itself. */
import type { ModelError } from "./model-error.ts";
import type { Stop } from "./stop.ts";
import type { Ending } from "./tools/tool.ts";

export const limitReached = (summary: string): Ending => ({ outcome: "limit_reached", title: "Limit reached", summary });

export const stuck = (summary: string): Ending => ({ outcome: "stuck", title: "Stuck", summary });

export const refused: Ending = { outcome: "blocked", title: "Refused", summary: "The model refused this task." };

const interrupted = (keep: "asked" | "told", summary: string): Ending => ({ outcome: "blocked", title: "Interrupted", summary, keep });

export function stopped(reason: Stop): Ending {
  switch (reason) {
    case "asked":
      return interrupted("asked", "Something more urgent needed its place; its work is kept.");
    case "told":
      return interrupted("told", "The job was told to end; its work is kept.");
    case "time":
      return limitReached("Its time was over.");
    case "fenced":
      return { outcome: "blocked", title: "Stopped", summary: "The Conductor gave the work to another run." };
    default:
      return reason satisfies never;
  }
}

export function withoutModel({ why, message }: ModelError): Ending {
  if (why === "run-budget") return limitReached(message);
  if (why === "budget") return { ...limitReached(message), keep: "budget" };
  if (why === "superseded") return { outcome: "blocked", title: "No model", summary: message };
  // Not the agent's failure: another run goes on with what there is.
  return { outcome: "failed", title: "No model", summary: message, keep: "no-model" };
}
