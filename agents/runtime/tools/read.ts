import type { FileHandle } from "node:fs/promises";
import { readdir } from "node:fs/promises";
import { z } from "zod";
import { plain } from "../text.ts";
import { openInside } from "./inside.ts";
import { tool } from "./tool.ts";

/** Characters that one call answers (R24). */
const MOST = 256 * 1024;
/** Bytes of a file that are looked at. */
const LARGEST = 16 * 1024 * 1024;
const LONGEST_LINE = 2_000;
const MOST_ENTRIES = 1_000;

export const read = tool(
  "Reads a text file of the workspace, with line numbers; of a folder it answers what lies in it.",
  z.strictObject({
    path: z.string().min(1).describe("Relative to the root of the workspace."),
    fromLine: z.number().int().positive().default(1),
    lines: z.number().int().positive().max(5_000).default(1_000),
  }),
  async ({ path, fromLine, lines }, { workspace }) => {
    const file = await openInside(workspace, path, "look");
    try {
      const stat = await file.stat();
      if (stat.isDirectory()) return { text: await listing(file) };
      const bytes = await beginning(file, stat.size);
      if (bytes.subarray(0, 8192).includes(0)) return { text: `${path} is binary, ${stat.size} bytes: look at it with a program.` };
      return { text: numbered(plain(bytes).replace(/\n$/, "").split("\n"), { fromLine, lines, unread: stat.size - bytes.length }) };
    } finally {
      await file.close();
    }
  },
  { parallel: true },
);

async function beginning(file: FileHandle, size: number): Promise<Buffer> {
  const buffer = Buffer.alloc(Math.min(size, LARGEST));
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

function numbered(all: readonly string[], { fromLine, lines, unread }: { fromLine: number; lines: number; unread: number }): string {
  const shown: string[] = [];
  let size = 0;
  for (const line of all.slice(fromLine - 1, fromLine - 1 + lines)) {
    const cut = line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}[… ${line.length - LONGEST_LINE} more characters]` : line;
    const row = `${fromLine + shown.length}\t${cut}`;
    size += row.length + 1;
    if (size > MOST) break;
    shown.push(row);
  }
  const left = all.length - (fromLine - 1) - shown.length;
  if (left > 0) shown.push(`[… ${left} more lines …]`);
  if (shown.length === 0) shown.push(`[The file has ${all.length} lines.]`);
  if (unread > 0) shown.push(`[… ${unread} bytes beyond these were not read; use a program.]`);
  return shown.join("\n");
}

async function listing(folder: FileHandle): Promise<string> {
  const entries = await readdir(`/proc/self/fd/${folder.fd}`, { withFileTypes: true });
  const names = entries
    .filter(({ name }) => name !== ".git")
    .map((entry) => plain(`${entry.name}${entry.isDirectory() ? "/" : entry.isSymbolicLink() ? " (a link)" : ""}`))
    .sort();
  const more = names.length - MOST_ENTRIES;
  if (names.length === 0) return "The folder is empty.";
  return more > 0 ? [...names.slice(0, MOST_ENTRIES), `[… ${more} more …]`].join("\n") : names.join("\n");
}
