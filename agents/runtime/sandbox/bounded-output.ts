/** Bytes of output kept: the first and the last half of it (R25). */
const KEPT = 5 * 1024 * 1024;

export interface BoundedOutput {
  readonly add: (chunk: Buffer) => void;
  /** Head, a line about what is missing, tail. */
  readonly bytes: () => Buffer;
}

/** Collects a program's output without holding more of it than may be kept. */
export function boundedOutput(kept = KEPT): BoundedOutput {
  const half = Math.floor(kept / 2);
  const head: Buffer[] = [];
  let tail: Buffer[] = [];
  let headSize = 0;
  let tailSize = 0;
  let dropped = 0;
  return {
    add: (chunk) => {
      const toHead = chunk.subarray(0, Math.max(0, half - headSize));
      const toTail = chunk.subarray(toHead.length);
      if (toHead.length > 0) head.push(toHead);
      headSize += toHead.length;
      if (toTail.length === 0) return;
      tail.push(toTail);
      tailSize += toTail.length;
      // Cut only when twice too long, so that many small chunks cost no more than a few large ones.
      if (tailSize <= 2 * half) return;
      const whole = Buffer.concat(tail);
      const last = Buffer.from(whole.subarray(whole.length - half));
      dropped += whole.length - last.length;
      tail = [last];
      tailSize = last.length;
    },
    bytes: () => {
      const whole = Buffer.concat(tail);
      const last = whole.subarray(Math.max(0, whole.length - half));
      const missing = dropped + whole.length - last.length;
      return Buffer.concat(missing > 0 ? [...head, Buffer.from(`\n[… ${missing} bytes left out …]\n`), last] : [...head, whole]);
    },
  };
}
