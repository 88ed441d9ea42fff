/** Reading a delivery's body with bounds on its size, its time and on how many large ones there are at once. */
import type { IncomingMessage } from "node:http";

/** GitHub sends at most 25 MB. */
const LARGEST = 26 * 1024 * 1024;
const LARGE = 1024 * 1024;
const LARGE_AT_ONCE = 4;
const READ_DEADLINE = 10_000;
const FIRST_BUFFER = 64 * 1024;

/** Places for bodies above 1 MiB, so that a burst of them cannot take all memory. */
export interface LargeBodies {
  /** False when all places are taken. */
  readonly enter: () => boolean;
  readonly leave: () => void;
}

export function largeBodies(places = LARGE_AT_ONCE): LargeBodies {
  let taken = 0;
  return {
    enter: () => taken < places && ++taken > 0,
    leave: () => {
      taken--;
    },
  };
}

export type Read =
  | { readonly outcome: "read"; readonly body: Buffer; readonly release: () => void }
  | { readonly outcome: "too large" }
  | { readonly outcome: "too many" }
  | { readonly outcome: "gone" };

/** Reads it whole, at most 26 MiB in at most 10 s. `release` gives a large body's place back once the body is no longer needed. */
export function readBody(request: IncomingMessage, large: LargeBodies, deadlineMs = READ_DEADLINE): Promise<Read> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > LARGEST) return Promise.resolve({ outcome: "too large" });
  let entered = false;
  const enterOnce = () => {
    entered ||= large.enter();
    return entered;
  };
  const release = () => {
    if (entered) large.leave();
    entered = false;
  };
  if (announced > LARGE && !enterOnce()) return Promise.resolve({ outcome: "too many" });

  return new Promise((resolve) => {
    // One growing buffer: a list of one-byte chunks would cost a hundred times its bytes.
    let buffer = Buffer.allocUnsafe(announced || FIRST_BUFFER);
    let size = 0;
    const deadline = setTimeout(() => finish({ outcome: "gone" }), deadlineMs);
    const finish = (read: Read) => {
      clearTimeout(deadline);
      request.off("data", take).off("end", whole).off("close", gone);
      if (read.outcome !== "read") release();
      resolve(read);
    };
    const take = (chunk: Buffer) => {
      const needed = size + chunk.length;
      if (needed > LARGEST) return finish({ outcome: "too large" });
      if (needed > LARGE && !enterOnce()) return finish({ outcome: "too many" });
      if (needed > buffer.length)
        buffer = Buffer.concat([buffer.subarray(0, size)], Math.min(LARGEST, Math.max(needed, buffer.length * 2)));
      chunk.copy(buffer, size);
      size = needed;
    };
    const whole = () => finish({ outcome: "read", body: buffer.subarray(0, size), release });
    const gone = () => finish({ outcome: "gone" });
    // An error is always followed by `close`; the listener keeps it from being an uncaught one.
    request
      .on("data", take)
      .on("end", whole)
      .on("close", gone)
      .on("error", () => {});
  });
}
