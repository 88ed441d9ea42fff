/** What looks like a secret in what a change adds, also where it is in pieces or encoded (R20). */
import { secretsIn } from "../../agents/runtime/redact.ts";

/** Lines that are looked at as pieces of one word. */
const MOST_PIECES = 8;

/** The kinds of secret it seems to hold. */
export function hiddenSecrets(text: string): readonly string[] {
  const whole = `${rejoined(text)}\n${wrapped(text)}`;
  return [...new Set([text, whole, ...decoded(whole)].flatMap(secretsIn))];
}

/** String literals one after another, and lines that are continued. */
const rejoined = (text: string): string => text.replace(/["'`]\s{0,200}(?:[+.,]\s{0,200})?["'`]/g, "").replace(/\\\r?\n[ \t]*/g, "");

/** Lines that are nothing but a piece of one word, each with those after it. */
function wrapped(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  const isPiece = lines.map((line) => /^[\w.+/=-]+$/.test(line));
  const words = lines.flatMap((_, at) => {
    if (!isPiece[at] || !isPiece[at + 1]) return [];
    const end = isPiece.slice(at, at + MOST_PIECES).indexOf(false);
    return [lines.slice(at, at + (end < 0 ? MOST_PIECES : end)).join("")];
  });
  return words.join("\n");
}

/** A piece of base64 may begin anywhere in its four characters, and one of hexadecimal in its two. */
function decoded(text: string): readonly string[] {
  const base64 = text.match(/[A-Za-z0-9+/_-]{24,}/g) ?? [];
  const hexadecimal = text.match(/[0-9a-f]{48,}/gi) ?? [];
  return [
    ...[0, 1, 2, 3].map((skip) => base64.map((run) => Buffer.from(run.slice(skip), "base64").toString("latin1")).join("\n")),
    ...[0, 1].map((skip) => hexadecimal.map((run) => Buffer.from(run.slice(skip), "hex").toString("latin1")).join("\n")),
  ];
}
