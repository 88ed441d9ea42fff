import { isUtf8 } from "node:buffer";
import { z } from "zod";
import { openInside } from "./inside.ts";
import { nearest } from "./nearest.ts";
import { tool } from "./tool.ts";

const MOST = 1024 * 1024;

export const edit = tool(
  "Replaces one exact piece of text in a file of the workspace. An empty `old` makes a new file instead, with its folders.",
  z.strictObject({
    path: z.string().min(1).describe("Relative to the root of the workspace."),
    old: z.string().describe("Occurs exactly once in the file, whitespace included."),
    new: z.string().max(MOST),
    replaceAll: z.boolean().default(false).describe("Replaces every occurrence of `old` instead of the only one."),
  }),
  async ({ path, old, new: replacement, replaceAll }, { workspace }) => {
    if (old === "") {
      const file = await openInside(workspace, path, "create");
      await file.writeFile(replacement).finally(() => file.close());
      return { text: `Made ${path}.` };
    }
    const file = await openInside(workspace, path, "write");
    try {
      const { size } = await file.stat();
      if (size > MOST) throw new Error(`${path} has ${size} bytes; edit changes files up to ${MOST}.`);
      const bytes = await file.readFile();
      if (!isUtf8(bytes)) throw new Error(`${path} is not UTF-8 text; change it with a program instead.`);
      const text = bytes.toString("utf8");
      const fitted = lineEndsOf(text);
      const pieces = text.split(fitted(old));
      const found = pieces.length - 1;
      if (found === 0) throw new Error(`The old text occurs 0 times in ${path}; it must occur exactly once. ${nearest(text, old)}`);
      if (found > 1 && !replaceAll)
        throw new Error(
          `The old text occurs ${found} times in ${path}, at the lines ${linesOf(text, fitted(old))}; it must occur exactly once. Give more of what stands around it, or replaceAll.`,
        );
      await file.truncate(0);
      await file.write(pieces.join(fitted(replacement)), 0);
      return { text: found === 1 ? `Changed ${path}.` : `Changed ${path} at ${found} places.` };
    } finally {
      await file.close();
    }
  },
);

/** `read` shows CR LF as a line end like any other, so what is given back is fitted to the file. */
const lineEndsOf = (text: string) => (piece: string) =>
  text.includes("\r\n") && !piece.includes("\r\n") ? piece.replaceAll("\n", "\r\n") : piece;

const SHOWN = 10;

/** The lines that an occurrence begins at. */
function linesOf(text: string, piece: string): string {
  const lines: number[] = [];
  for (let at = text.indexOf(piece); at >= 0; at = text.indexOf(piece, at + piece.length)) lines.push(text.slice(0, at).split("\n").length);
  return lines.length > SHOWN ? `${lines.slice(0, SHOWN).join(", ")} …` : lines.join(", ");
}
