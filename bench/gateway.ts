/**
 * What the gateway adds before the first byte of an answer: calls through the real door, a run's bearer and Postgres, against calls
 * straight to the same upstream, in turn. `CALLS=1000 PROMPT=400000` measures longer, with another size of prompt in bytes.
 */
import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { Task } from "../agents/runtime/task.ts";
import { streamed } from "../test/door/provider.ts";
import { askForRun, startStand } from "../test/door/stand.ts";

const CALLS = Number(process.env.CALLS ?? 400);
const PROMPT = Number(process.env.PROMPT ?? 100_000);
const WARM_UP = 50;
const GOAL_MS = 5;

const upstream = createServer(async (asked, answer) => {
  for await (const _ of asked);
  answer.writeHead(200, { "content-type": "text/event-stream" });
  for (const piece of [streamed.start, streamed.text, streamed.end]) answer.write(piece);
  answer.end();
});
await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
const provider = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
const stand = await startStand({
  deps: { upstream: { baseUrl: provider, apiKey: "sk-ant-bench" } },
  policy: { limits: { usdPerIssue: 1e6, usdPerRun: 1e6, usdPerDay: 1e6, tokensPerRun: 1e12, tokensPerIssue: 1e12, tokensPerDay: 1e12 } },
});
const agent = new Agent({ keepAlive: true });

try {
  const runId = await askForRun(stand, 1);
  const bearer = await stand.issuer.sign({ claims: stand.claims() });
  const claim = await fetch(`${stand.url}/api/runs/${runId}/claim`, { method: "POST", headers: { authorization: `Bearer ${bearer}` } });
  const { capability } = Task.parse(await claim.json());
  const body = JSON.stringify({
    model: "claude-sonnet-4-5",
    max_tokens: 1000,
    stream: true,
    messages: [{ role: "user", content: "x".repeat(PROMPT) }],
  });
  const [direct, through]: [number[], number[]] = [[], []];
  for (let nth = -WARM_UP; nth < CALLS; nth++) {
    const one = await firstByte(`${provider}/v1/messages`, capability, body);
    const other = await firstByte(`${stand.url}/llm/v1/messages`, capability, body);
    if (nth < 0) continue;
    direct.push(one);
    through.push(other);
  }
  const added = percentile(through, 0.5) - percentile(direct, 0.5);
  for (const [name, took] of [
    ["direct", direct],
    ["through the gateway", through],
  ] as const)
    console.log(
      `${name.padEnd(20)} first byte p50 ${percentile(took, 0.5).toFixed(2)} ms, p95 ${percentile(took, 0.95).toFixed(2)} ms, p99 ${percentile(took, 0.99).toFixed(2)} ms`,
    );
  console.log(
    `added p50: ${added.toFixed(2)} ms (goal ${GOAL_MS}) ${added <= GOAL_MS ? "reached" : "MISSED"}; ${CALLS} calls each, prompts of ${PROMPT} bytes`,
  );
  if (added > GOAL_MS) process.exitCode = 1;
} finally {
  agent.destroy();
  await stand.close();
  upstream.close();
}

/** Milliseconds from the request to the first byte of the answer's body. */
function firstByte(url: string, capability: string, body: string): Promise<number> {
  const begun = performance.now();
  const headers = { authorization: `Bearer ${capability}`, "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const asking = request(url, { method: "POST", agent, headers }, (answer) => {
      if (answer.statusCode !== 200) return reject(new Error(`${url} answered ${answer.statusCode}.`));
      let took: number | undefined;
      answer.on("data", () => {
        took ??= performance.now() - begun;
      });
      answer.on("end", () => resolve(took ?? Number.NaN)).on("error", reject);
    });
    asking.on("error", reject).end(body);
  });
}

function percentile(took: readonly number[], share: number): number {
  const sorted = took.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
