/** A process that was stopped and goes on may hold what has long been another's: it looks at its watch before it reaches out (R-Q3). */
import { AsyncLocalStorage } from "node:async_hooks";

const until = new AsyncLocalStorage<number>();

/** Runs `work`, which may call out only until then (milliseconds since the epoch). */
export const within = <T>(deadlineMs: number, work: () => Promise<T>): Promise<T> => until.run(deadlineMs, work);

/** Throws where the time that this work was given is over. Its outcome is then another's to find out. */
export function requireLease(nowMs: number): void {
  const deadline = until.getStore();
  if (deadline !== undefined && nowMs >= deadline)
    throw new Error("The lease ran out while this process stood still: somebody else carries it out.");
}
