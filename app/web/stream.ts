/** Telling open pages that something was recorded. One database connection serves all of them, and none when nobody looks. */
import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import type { Store } from "../store/store.ts";
import type { WebBindings } from "./auth.ts";

/** Proxies close a connection that is silent for a minute. */
const PING = 25_000;

export function liveStream(store: Pick<Store, "listen">) {
  const listeners = new Set<(position: number) => void>();
  const ends = new Set<() => void>();
  let stopListening: (() => Promise<void>) | undefined;

  const routes = new Hono<WebBindings>().get("/stream", (context) =>
    streamSSE(context, async (stream) => {
      const { promise: ended, resolve: end } = Promise.withResolvers<void>();
      const tell = (position: number) => void stream.writeSSE({ event: "recorded", data: String(position) }).catch(end);
      const ping = setInterval(() => void stream.write(": ping\n\n").catch(end), PING);
      listeners.add(tell);
      ends.add(end);
      stopListening ??= store.listen((position) => {
        for (const listener of listeners) listener(position);
      });
      stream.onAbort(end);
      await stream.write(": hello\n\n");
      await ended;
      clearInterval(ping);
      listeners.delete(tell);
      ends.delete(end);
      if (listeners.size === 0) await stop();
    }),
  );

  async function stop(): Promise<void> {
    const stopping = stopListening;
    stopListening = undefined;
    await stopping?.();
  }

  return {
    routes,
    /** Ends every open stream. */
    close: async () => {
      for (const end of ends) end();
      await stop();
    },
  };
}
