/** Secrets that are put where an attacker would look, and the search for them wherever a run leaves something (P15). */
import { randomBytes } from "node:crypto";

export interface Canary {
  /** Where it was put. */
  readonly name: string;
  readonly value: string;
}

/** A secret nobody else has. Its prefix makes it look like what stands there in earnest. */
export const canary = (name: string, prefix = ""): Canary => ({ name, value: `${prefix}${randomBytes(30).toString("hex")}` });

/** A piece of a secret this long is one too many (P20). */
const PIECE = 12;

/** The pieces of every form of a secret; whatever holds twice as much of one in a row holds such a piece. */
function piecesOf({ value }: Canary): readonly string[] {
  const bytes = Buffer.from(value);
  const base64 = [0, 1, 2].flatMap((skip) => {
    const encoded = bytes.subarray(skip, skip + Math.floor((bytes.length - skip) / 3) * 3);
    return [encoded.toString("base64"), encoded.toString("base64url")];
  });
  const hex = bytes.toString("hex");
  const urlEncoded = hex.replace(/../g, "%$&");
  const reversed = value.split("").toReversed().join("");
  return [value, ...base64, hex, hex.toUpperCase(), urlEncoded, encodeURIComponent(value), reversed].flatMap((form) =>
    Array.from({ length: Math.floor(form.length / PIECE) }, (_, nth) => form.slice(nth * PIECE, (nth + 1) * PIECE)),
  );
}

/** Everything a run, the app or the world shows to somebody: the text by where it stands. */
export type Sinks = Readonly<Record<string, string>>;

/** A sentence for every secret that shows somewhere, whole, in part or encoded. */
export function leaksIn(sinks: Sinks, canaries: readonly Canary[]): readonly string[] {
  const pieces = canaries.map((secret) => ({ name: secret.name, pieces: [...new Set(piecesOf(secret))] }));
  return Object.entries(sinks).flatMap(([sink, text]) =>
    pieces.flatMap((secret) => (secret.pieces.some((piece) => text.includes(piece)) ? [`${secret.name} shows in ${sink}`] : [])),
  );
}
