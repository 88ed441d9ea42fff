import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";

const RECONNECT_MS = 1000;

export const listenOf = (pool: Pool) => ({
  /**
   * Calls `onNotify` with the newest position soon after each commit. Only a hint (R-Q5): notifications are lost while the connection is,
   * so after a reconnect it is called with 0, and whoever must not miss anything reads from where they were.
   * Holds a connection of the pool until the function it answers has been called.
   */
  listen(onNotify: (position: number) => void): () => Promise<void> {
    const stop = new AbortController();

    async function listenOnce(again: boolean): Promise<void> {
      const client = await pool.connect();
      try {
        const ended = once(client, "end", { signal: stop.signal });
        client.on("notification", ({ payload }) => onNotify(Number(payload)));
        await Promise.race([client.query("listen rig_events"), ended]);
        if (again) onNotify(0);
        await ended;
      } finally {
        client.release(true);
      }
    }

    async function keepListening(): Promise<void> {
      for (let again = false; !stop.signal.aborted; again = true) {
        await listenOnce(again).catch(() => {}); // The pool's error handler has heard why.
        if (!stop.signal.aborted) await sleep(RECONNECT_MS, undefined, { signal: stop.signal }).catch(() => {});
      }
    }

    const listening = keepListening();
    return () => {
      stop.abort();
      return listening;
    };
  },
});
