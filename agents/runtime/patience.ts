/** Waiting out a service that is away for a moment: the Conductor restarts in the middle of a run, and the run lives on. */
import { setTimeout as sleep } from "node:timers/promises";

export interface Patience {
  /** How long to go on trying, in milliseconds. */
  readonly forMs: number;
  readonly isTransient: (error: unknown) => boolean;
  /** How long the service itself asks to wait, in milliseconds. */
  readonly askedToWait?: (error: unknown) => number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 8_000;

/** Tries until it works, the error is not transient, or the time is over; then the last error is thrown. */
export async function withPatience<T>(attempt: () => Promise<T>, patience: Patience): Promise<T> {
  const { forMs, isTransient, askedToWait, signal } = patience;
  const deadline = performance.now() + forMs;
  for (let longest = FIRST_PAUSE; ; longest = Math.min(longest * 2, LONGEST_PAUSE)) {
    try {
      return await attempt();
    } catch (error) {
      // A quarter is left to chance, so that many who were refused together do not come back together.
      const pause = Math.max(askedToWait?.(error) ?? 0, longest * (1 - Math.random() / 4));
      if (!isTransient(error) || signal?.aborted || performance.now() + pause > deadline) throw error;
      await sleep(pause, undefined, signal ? { signal } : {});
    }
  }
}
