/** Waiting out a service that is away for a moment: the Conductor restarts in the middle of a run, and the run lives on. */
import { setTimeout as sleep } from "node:timers/promises";

export interface Patience {
  /** How long to go on trying, in milliseconds. */
  readonly forMs: number;
  readonly isTransient: (error: unknown) => boolean;
  readonly signal?: AbortSignal | undefined;
}

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5_000;

/** Tries until it works, the error is not transient, or the time is over; then the last error is thrown. */
export async function withPatience<T>(attempt: () => Promise<T>, { forMs, isTransient, signal }: Patience): Promise<T> {
  const deadline = performance.now() + forMs;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isTransient(error) || signal?.aborted || performance.now() + pause > deadline) throw error;
      await sleep(pause, undefined, signal ? { signal } : {});
    }
  }
}
