/** What a file holds, as far as a gate can read it (R11). The same bytes always come to the same, however they were read. */
import { hasMediaName, mediaOf } from "./media.ts";

/** A file at one of the two commits: git's mode, its object, and its size where that is known. */
export interface Side {
  readonly mode: string;
  readonly id: string;
  readonly size?: number;
}

/** Either text, or why there is none. */
export interface Content {
  readonly text?: string;
  readonly unreadable?: string;
  readonly media?: string;
}

export const SUBMODULE = "160000";
const FILE = "100644";
const MOST_BYTES = 500_000;
/** Only of images and the like: a person is not asked about a photograph because it is large. */
const MOST_MEDIA_BYTES = 5_000_000;
const MOST_LINES = 20_000;
const LFS = /^version https:\/\/(git-lfs\.github\.com|hawser\.github\.com)\/spec\/v\d/;

/** Whether a file of that name and size is worth reading. */
export const readable = (path: string, { mode, size = 0 }: Side): boolean =>
  mode !== SUBMODULE && (size <= MOST_BYTES || (size <= MOST_MEDIA_BYTES && hasMediaName(path)));

/** `bytes` is undefined where it was not worth reading. */
export function contentOf(path: string, mode: string, bytes: Buffer | undefined): Content {
  if (mode === SUBMODULE) return { unreadable: "a submodule" };
  if (!bytes) return { unreadable: "larger than 500 KB" };
  const binary = bytes.includes(0);
  const media = binary && mode === FILE ? mediaOf(path, bytes) : undefined;
  if (media) return { unreadable: "binary", media };
  if (bytes.length > MOST_BYTES) return { unreadable: "larger than 500 KB" };
  if (binary) return { unreadable: "binary" };
  const text = decode(bytes);
  if (LFS.test(text)) return { unreadable: "a pointer to Git LFS" };
  return linesOf(text).length > MOST_LINES ? { unreadable: "more than 20,000 lines" } : { text };
}

/** What is not UTF-8 is read byte for byte, so that two files that differ never read the same. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString("latin1");
  }
}

/** The lines of a text; what follows the last line break is one only where there is something. */
export function linesOf(text: string): readonly string[] {
  const lines = text.split("\n");
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}
