/**
 * What a turn costs besides the model: `npm run bench:loop`. The same requests go to the same stand-in by the loop with its tools, and by
 * bare fetch; the machine is shared, so the two take turns and the medians count.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { work } from "../agents/runtime/loop.ts";
import { openModel } from "../agents/runtime/model.ts";
import { redactor } from "../agents/runtime/redact.ts";
import { tools } from "../agents/runtime/tools/index.ts";
import { openTranscript } from "../agents/runtime/transcript.ts";
import { startModel, type Turn } from "../test/agents/support/model.ts";
import { sandboxOf } from "../test/agents/support/sandbox.ts";
import { CAPABILITY } from "../test/agents/support/task.ts";
import { toolboxOf } from "../test/agents/support/toolbox.ts";

const ROUNDS = 5;
const TURNS = 40;
const GOAL_MS = 20;

const workspace = mkdtempSync(path.join(tmpdir(), "rig-bench-"));
mkdirSync(path.join(workspace, "src"));
for (let n = 0; n < TURNS; n++) writeFileSync(path.join(workspace, "src", `${n}.txt`), `${n} of the shop's tills\n`.repeat(200));

const read = (n: number): Turn => ({ calls: [{ name: "read", input: { path: `src/${n}.txt` } }] });
const script: readonly Turn[] = [
  ...Array.from({ length: TURNS - 1 }, (_, n) => read(n)),
  { calls: [{ name: "finish", input: { title: "Tips", summary: "Done." } }] },
];
const MODEL = "claude-sonnet-5-5";

try {
  await oneRun(); // The first run pays for the compiler.
  const loop: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { turns, requests } = await oneRun();
    loop.push(...turns);
    bare.push(...(await bareFetches(requests)));
  }
  const [ours, theirs] = [median(loop), median(bare)];
  console.log(`a turn of the loop   ${ours.toFixed(1)} ms p50 (a question, an answer, a file read)`);
  console.log(`bare fetch           ${theirs.toFixed(1)} ms p50 (the same questions and answers)`);
  console.log(
    `overhead             ${(ours - theirs).toFixed(1)} ms, ${(ours / theirs).toFixed(2)} times bare fetch; goal ${GOAL_MS} ms ${ours - theirs <= GOAL_MS ? "reached" : "missed"}`,
  );
} finally {
  rmSync(workspace, { recursive: true, force: true });
}

/** Milliseconds of each turn, and what was asked. */
async function oneRun(): Promise<{ readonly turns: readonly number[]; readonly requests: readonly unknown[] }> {
  const server = await startModel(script);
  const began: number[] = [];
  const ask = openModel({ gateway: server.url, capability: CAPABILITY, model: MODEL, maxTokens: 16_000, system: "You develop.", tools });
  try {
    const { outcome, summary } = await work({
      ...{ model: MODEL, tools, firstMessage: "Count the tills." },
      ask: (messages, signal) => {
        began.push(performance.now());
        return ask(messages, signal);
      },
      toolbox: toolboxOf({ workspace, sandbox: sandboxOf() }),
      limits: { turns: TURNS, usd: 1_000 },
      asked: new AbortController().signal,
      note: openTranscript(path.join(workspace, "transcript.jsonl"), redactor([CAPABILITY]), () => new Date()).note,
      onProgress: () => undefined,
    });
    if (outcome !== "patch") throw new Error(`The run was to finish and ended with ${outcome}: ${summary}`);
    return { turns: between([...began, performance.now()]), requests: server.requests.map(({ body }) => body) };
  } finally {
    await server.close();
  }
}

async function bareFetches(requests: readonly unknown[]): Promise<readonly number[]> {
  const server = await startModel(script);
  const times = [performance.now()];
  try {
    for (const body of requests) {
      const response = await fetch(`${server.url}/v1/messages`, { method: "POST", body: JSON.stringify(body) });
      await response.text();
      times.push(performance.now());
    }
    return between(times);
  } finally {
    await server.close();
  }
}

function between(times: readonly number[]): readonly number[] {
  return times.slice(1).map((time, n) => time - (times[n] ?? 0));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
