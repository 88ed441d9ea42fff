import { z } from "zod";
import { plain } from "../text.ts";
import { openInside } from "./inside.ts";
import { tool } from "./tool.ts";

const MOST = 256 * 1024;

export const read = tool(
  "Reads a text file of the workspace, with line numbers.",
  z.strictObject({
    path: z.string().min(1).describe("Relative to the root of the workspace."),
    fromLine: z.number().int().positive().default(1),
    lines: z.number().int().positive().max(5_000).default(1_000),
  }),
  async ({ path, fromLine, lines }, { workspace }) => {
    const file = await openInside(workspace, path, "read");
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(4 * MOST), 0, 4 * MOST, 0);
      const all = plain(buffer.subarray(0, bytesRead)).split("\n");
      const shown = all.slice(fromLine - 1, fromLine - 1 + lines).map((line, n) => `${fromLine + n}\t${line}`);
      const text = shown.join("\n").slice(0, MOST);
      const more = all.length - (fromLine - 1) - shown.length;
      return { text: more > 0 ? `${text}\n[… ${more} more lines …]` : text };
    } finally {
      await file.close();
    }
  },
);
