const MASK = Buffer.from("***");

/** The same bytes without a secret, however it is cut into pieces. Held back is only what may become one. */
export function masking(secret: string): TransformStream<Uint8Array, Uint8Array> {
  const hidden = Buffer.from(secret);
  let held = Buffer.alloc(0);
  return new TransformStream({
    transform(piece, controller) {
      let rest = held.length > 0 ? Buffer.concat([held, piece]) : Buffer.from(piece.buffer, piece.byteOffset, piece.length);
      for (let at = rest.indexOf(hidden); at >= 0; at = rest.indexOf(hidden)) {
        controller.enqueue(Buffer.concat([rest.subarray(0, at), MASK]));
        rest = rest.subarray(at + hidden.length);
      }
      held = Buffer.from(rest.subarray(rest.length - begun(rest, hidden)));
      if (rest.length > held.length) controller.enqueue(rest.subarray(0, rest.length - held.length));
    },
    flush(controller) {
      if (held.length > 0) controller.enqueue(held);
    },
  });
}

/** How many bytes at the end are the secret's beginning. */
function begun(bytes: Buffer, secret: Buffer): number {
  for (let count = Math.min(bytes.length, secret.length - 1); count > 0; count--) {
    if (bytes.subarray(bytes.length - count).equals(secret.subarray(0, count))) return count;
  }
  return 0;
}
