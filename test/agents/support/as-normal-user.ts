/** A program that gives up root, opens a sandbox as a normal user and says what a command sees in it, as JSON. */

import { sandboxChoices } from "../../../agents/runtime/sandbox/choice.ts";
import { openSandbox } from "../../../agents/runtime/sandbox/sandbox.ts";

const [workspace = "", wanted, wantedNetwork, script = ""] = process.argv.slice(2);
const choice = sandboxChoices.find((name) => name === wanted) ?? "auto";
const network = wantedNetwork === "none" ? "none" : "host";

if (process.getuid?.() === 0) {
  // A checkout in root's home holds a Node that the other user cannot get at.
  process.execPath = "/bin/sh";
  process.setgroups?.([]);
  process.setgid?.(65_534);
  process.setuid?.(65_534);
}
try {
  const sandbox = await openSandbox({ workspace, choice, network });
  const result = await sandbox.run({ script, timeoutMs: 10_000 });
  await sandbox.close();
  process.stdout.write(JSON.stringify({ kind: sandbox.kind, ...result }));
} catch (error) {
  process.stdout.write(JSON.stringify({ refused: String(error) }));
}
