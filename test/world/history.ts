import type { Recorded } from "../../app/domain/envelope.ts";
import type { StreamId } from "../../app/domain/ids.ts";
import type { Store } from "../../app/store/store.ts";

const AT_ONCE = 500;

/** What was written down of each stream. A look reads on from where the last one ended: many wait for something, and look often. */
export function openHistory(store: Pick<Store, "readAll">) {
  const streams = new Map<string, readonly Recorded[]>();
  let position = 0;
  let reading: Promise<void> = Promise.resolve();

  async function readOn(): Promise<void> {
    for (let read = AT_ONCE; read === AT_ONCE; ) {
      const events = await store.readAll(position, AT_ONCE);
      for (const event of events) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
      position = events.at(-1)?.position ?? position;
      read = events.length;
    }
  }

  return {
    async of(stream: StreamId): Promise<readonly Recorded[]> {
      // One look after the other; what failed for one is asked again by the next.
      reading = reading.then(readOn, readOn);
      await reading;
      return streams.get(stream) ?? [];
    },
    /** How many events the last look had seen, of all streams. */
    length: () => position,
  };
}
