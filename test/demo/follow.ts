/** Follows the event store and tells what happens as it happens. */
import { setTimeout as pause } from "node:timers/promises";
import type { Recorded } from "../../app/domain/envelope.ts";
import type { Conductor } from "../world/conductor.ts";

const LOOK_EVERY_MS = 200;
const AT_ONCE = 500;

/** Answers how to stop: it tells the rest first. */
export function follow({ store }: Conductor, tell: (event: Recorded) => void): () => Promise<void> {
  let over = false;
  const following = (async () => {
    for (let position = 0; ; ) {
      const last = over;
      const events = await store.readAll(position, AT_ONCE);
      events.forEach(tell);
      position = events.at(-1)?.position ?? position;
      if (last && events.length < AT_ONCE) return;
      if (events.length === 0) await pause(LOOK_EVERY_MS);
    }
  })();
  // Who stops following hears of a failure; until then it is nobody's.
  following.catch(() => {});
  return async () => {
    over = true;
    await following;
  };
}
