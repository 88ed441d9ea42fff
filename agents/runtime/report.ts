/** What a run tells the Conductor. */
import { createHash } from "node:crypto";
import { ConductorError, postJson } from "./conductor.ts";
import type { RunOutcome } from "./outcome.ts";
import type { Task } from "./task.ts";

export interface Report {
  /** Throws `ConductorError` when it is refused, or when the Conductor stays away. */
  readonly event: (type: string, data: Readonly<Record<string, unknown>>) => Promise<void>;
}

export function openReport(conductor: string, runId: string, capability: string): Report {
  const url = `${conductor}/api/runs/${runId}/events`;
  return {
    event: async (type, data) => {
      await postJson({ url, bearer: capability, body: { type, data } });
    },
  };
}

export interface Heartbeat {
  readonly stop: () => void;
}

/** Says at once and then every so often that the run lives. A refusal means the run was replaced: `onFenced` ends it. */
export function beat(report: Report, data: () => Readonly<Record<string, unknown>>, everyMs: number, onFenced: () => void): Heartbeat {
  let busy = false;
  const once = async () => {
    if (busy) return;
    busy = true;
    try {
      await report.event("HEARTBEAT", data());
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

/** How the run ended; a stuck one also says why, so that whoever comes next can read it. */
export async function tellEnd({ event }: Report, task: Task, outcome: RunOutcome): Promise<void> {
  const { runId, usage, testsExitCode, summary } = outcome;
  if (outcome.outcome === "stuck") {
    const fingerprint = createHash("sha256").update(summary.toLowerCase().replace(/\d+/g, "0")).digest("hex").slice(0, 16);
    await event("AGENT_STUCK", { agentId: task.agentId, runId, attempt: task.attempt, cause: "agent", reason: summary, fingerprint });
  }
  const { usd, tokens, turns, minutes } = usage;
  const tests = testsExitCode === undefined ? {} : { testsExitCode };
  await event("RUN_FINISHED", { runId, outcome: outcome.outcome, usd, tokens, turns, minutes, ...tests }).catch((error) => {
    // Fenced: the work is another run's by now, and nobody waits for this one.
    if (!(error instanceof ConductorError && error.status === 409)) throw error;
  });
}
