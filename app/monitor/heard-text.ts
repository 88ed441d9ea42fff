import { cut } from "../domain/escape.ts";

/** Longer texts are not read to their end: what is shown of them is far shorter. */
const READ = 20_000;

/** A stranger's words as one line: nothing in it hides, reorders or comments out what a person reads. */
export type Heard = (text: string, most: number) => string;

/** P15: what hides between letters goes first, so that it hides no secret from `redact`, and what is cut is cut last. */
export const heardWith =
  (redact: (text: string) => string): Heard =>
  (text, most) => {
    const line = text
      .slice(0, READ)
      .toWellFormed()
      .replace(/\s+/g, " ")
      .replace(/[\p{Cc}\p{Cf}]/gu, "")
      .trim();
    // R21: markers are how the Rig finds its own texts.
    return cut(redact(line).replaceAll("<!--", "<! --").replaceAll("-->", "-- >"), most);
  };

/** An address that a person may follow: http or https, and without a password in it. */
export function safeUrl(text: string | undefined, heard: Heard): string | undefined {
  const url = URL.parse(heard(text ?? "", MOST_URL + 1));
  if (!url || !/^https?:$/.test(url.protocol) || url.href.length > MOST_URL) return undefined;
  url.username = "";
  url.password = "";
  return url.href;
}

const MOST_URL = 1_000;
