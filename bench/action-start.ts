/**
 * How long the bundled action takes from its start to its first call of the Conductor, against a Node that does nothing:
 * `npm run bench:action-start [bundle]`. The two take turns, because the machine is shared; the medians count.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

const ROUNDS = 15;
const GOAL_MS = 400;

const bundle = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, "..", "actions", "run-agent", "dist", "index.js"));
const folder = mkdtempSync(path.join(tmpdir(), "rig-bench-"));
const server = createServer();
server.listen(0, "127.0.0.1");
await once(server, "listening");
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const env = {
  PATH: process.env.PATH,
  HOME: folder,
  GITHUB_WORKSPACE: path.join(folder, "checkout"),
  GITHUB_OUTPUT: "",
  ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/oidc?`,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "token",
  INPUT_CONDUCTOR: url,
  INPUT_RUN: "6b1f3f0a-52b6-4a53-9d6e-0d9f5c1b7a11",
  INPUT_OUTPUT: path.join(folder, "output"),
};

try {
  const action: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(await timed(["-e", ""], (node) => once(node, "exit")));
    action.push(await timed([bundle], (node) => Promise.race([once(server, "request"), once(node, "exit").then(tooEarly)])));
  }
  const [ours, theirs] = [median(action), median(bare)];
  console.log(`the action's first call   ${ours.toFixed(0)} ms p50`);
  console.log(`node that does nothing    ${theirs.toFixed(0)} ms p50`);
  console.log(`${(ours / theirs).toFixed(2)} times bare Node; goal ${GOAL_MS} ms ${ours <= GOAL_MS ? "reached" : "missed"}`);
} finally {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
}

/** Milliseconds from the start of a Node until what is waited for. */
async function timed(args: readonly string[], until: (node: ChildProcess) => Promise<unknown>): Promise<number> {
  const began = performance.now();
  const node = spawn(process.execPath, args, { env, stdio: ["ignore", "ignore", "inherit"] });
  await until(node);
  const took = performance.now() - began;
  if (node.exitCode === null && node.kill("SIGKILL")) await once(node, "exit");
  return took;
}

function tooEarly(): never {
  throw new Error(`${bundle} ended without a call. Build it with \`npm run build\`.`);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
