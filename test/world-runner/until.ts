import { setTimeout as pause } from "node:timers/promises";

/** Waits until something is there, and answers it. */
export async function until<T>(look: () => T | undefined | false): Promise<T> {
  for (;;) {
    const found = look();
    if (found) return found;
    await pause(20);
  }
}
