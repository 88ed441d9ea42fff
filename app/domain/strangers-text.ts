/** R21: what alerts, probes and models say, where the Rig repeats it on GitHub. */
import { cut, fenced } from "./escape.ts";

/** A block of somebody else's words: it can neither format nor mention, and holds no marker of ours. */
export const strangersBlock = (text: string, most: number): string => fenced(cut(text, most).replaceAll("<!--", "<!- -"));

/** A title of somebody else's words: letters, figures and harmless signs, in one line. */
export const strangersTitle = (text: string, most: number): string =>
  cut(
    text
      .toWellFormed()
      .replace(/[^\p{L}\p{N} .,:;/()%+=_'"-]+/gu, " ")
      .replace(/\bGH-(?=\d)/gi, "GH ")
      .replace(/:\/\//g, ": ")
      .replace(/\s+/g, " ")
      .trim(),
    most,
  );
