import type { Readable } from "node:stream";
import { boundedOutput } from "./sandbox/bounded-output.ts";

/** A stream that is read all the time, and cut where a word stands that nobody else knows. */
export interface Cut {
  /** Everything since the last cut and before the word, bounded (R25); pending for ever when the word does not come. */
  readonly upTo: (word: string) => Promise<Buffer>;
  /** What came since the last cut. */
  readonly rest: () => Buffer;
}

export function cutStream(stream: Readable): Cut {
  let kept = boundedOutput();
  /** The end of what came, which the word could begin in. */
  let held: Buffer = Buffer.alloc(0);
  let awaited: { readonly word: Buffer; readonly found: (before: Buffer) => void } | undefined;

  stream.on("data", (chunk: Buffer) => {
    const come = Buffer.concat([held, chunk]);
    const at = awaited ? come.indexOf(awaited.word) : -1;
    if (awaited && at >= 0) {
      kept.add(come.subarray(0, at));
      const { found, word } = awaited;
      const before = kept.bytes();
      kept = boundedOutput();
      held = come.subarray(at + word.length);
      awaited = undefined;
      return found(before);
    }
    const keep = awaited ? Math.min(come.length, awaited.word.length - 1) : 0;
    kept.add(come.subarray(0, come.length - keep));
    held = come.subarray(come.length - keep);
  });

  return {
    upTo: (word) =>
      new Promise((found) => {
        awaited = { word: Buffer.from(word), found };
      }),
    rest: () => Buffer.concat([kept.bytes(), held]),
  };
}
