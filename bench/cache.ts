/**
 * How much of what a long run sends is read from the provider's cache, against one mark on the last block alone: `npm run bench:cache`.
 * Counted by a stand-in that remembers the beginnings of requests byte for byte, so it is the same on every machine.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { files, longRun, type Read } from "../test/agents/support/long-run.ts";

const GOAL = 0.85;

const workspace = mkdtempSync(path.join(tmpdir(), "rig-bench-"));
try {
  mkdirSync(path.join(workspace, "src"));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(workspace, name), text);
  const { marked, lastBlockOnly } = await longRun(workspace);
  const line = (label: string, { ratio, turns, tokens }: Read) =>
    console.log(`${label.padEnd(24)} ${(ratio * 100).toFixed(1)} % of ${tokens} input tokens in ${turns} turns read from the cache`);
  line("as the runtime marks", marked);
  line("last block only", lastBlockOnly);
  console.log(`goal ${GOAL * 100} % ${marked.ratio >= GOAL ? "reached" : "missed"}`);
} finally {
  rmSync(workspace, { recursive: true, force: true });
}
