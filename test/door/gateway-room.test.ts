import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { usdFor } from "../../agents/runtime/prices.ts";
import type { Budget } from "../../app/door/gateway/budgets.ts";
import { longestAnswer, tooSmall } from "../../app/door/gateway/room.ts";
import { askModel, type Claimed, claimedOn, question, until } from "./caller.ts";
import { startProvider, streamed } from "./provider.ts";
import { type Stand, startStand } from "./stand.ts";

const usd = (limit: number, spent: number): Budget => ({ scope: "run", unit: "usd", limit, spent });
const tokens = (limit: number, spent: number): Budget => ({ scope: "day", unit: "tokens", limit, spent });
/** A prompt of 10,000 tokens at $3 a million; an answer costs $15. */
const call = { model: "claude-sonnet-4-5", bytes: 40_000, maxTokens: 16_000, thinking: 0 };
const prompt = 0.03;

test.each([
  ["where there is plenty", [usd(5, 1), tokens(1e6, 0)], {}, 16_000],
  ["where just so much is left", [usd(1, 1 - prompt - 0.15)], {}, 10_000],
  ["by the smallest of the budgets", [usd(5, 0), tokens(20_000, 6_000)], {}, 4_000],
  ["never below a useful answer", [usd(1, 0.999)], {}, 1_024],
  ["never to more than was asked for", [usd(1, 0.999)], { maxTokens: 100 }, 100],
  ["never into what it may think", [usd(1, 0.999)], { thinking: 4_000 }, 5_024],
  [
    "by the price of a long prompt",
    [usd(5, 5 - usdFor("claude-sonnet-4-5", { input: 300_000, output: 2_000, cacheRead: 0, cacheWrite: 0 }))],
    { bytes: 1_200_000 },
    2_000,
  ],
])("an answer is cut to what is left after the prompt: %s", (_, budgets, more, longest) => {
  const answer = longestAnswer({ ...call, ...more }, budgets);
  expect(Math.abs(answer - longest)).toBeLessThanOrEqual(1);
});

test.each([
  ["it fits", [usd(1, 0.9)], undefined],
  ["not even a cached prompt fits", [usd(1, 0.9971)], "usd"],
  ["a cached prompt may fit", [usd(1, 0.9969)], undefined],
  ["the tokens do not suffice", [usd(1, 0), tokens(10_000, 1)], "tokens"],
])("a budget refuses a prompt it cannot hold: %s", (_, budgets, unit) => {
  expect(tooSmall(call, budgets)?.unit).toBe(unit);
});

let provider: Awaited<ReturnType<typeof startProvider>>;
let stand: Stand;
beforeAll(async () => {
  provider = await startProvider();
  stand = await startStand({
    deps: { upstream: { baseUrl: provider.url, apiKey: "sk-ant-key" } },
    policy: { limits: { usdPerRun: 1, usdPerIssue: 1 } },
  });
});
afterAll(async () => {
  await stand.close();
  await provider.close();
});

const long = { ...question, max_tokens: 30_000, metadata: { user_id: "a" } };
const spend = ({ runId }: Claimed, usd: number) => stand.store.addUsage(runId, { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, usd });

test("the provider hears how long the answer may be at most, and everything else as it was", async () => {
  const run = await claimedOn(stand);
  await spend(run, 0.9);
  const answering = askModel(stand, run.capability, { body: long });
  const { body, response } = await provider.next();
  response.writeHead(200, { "content-type": "application/json" }).end("{}");
  await (await answering).text();
  const { max_tokens, ...rest } = JSON.parse(body);
  expect(max_tokens).toBeGreaterThan(6_500);
  expect(max_tokens).toBeLessThan(6_667);
  expect(rest).toEqual({ ...question, max_tokens: undefined, metadata: { user_id: "a" } });
});

test("calls side by side share what is left, until it is known what they cost", async () => {
  const run = await claimedOn(stand);
  await spend(run, 0.7);
  const asked = async () => {
    const answering = askModel(stand, run.capability, { body: { ...long, max_tokens: 12_000 } });
    const { body, response } = await provider.next();
    const end = async () => {
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
      await (await answering).text();
    };
    return { longest: JSON.parse(body).max_tokens, end };
  };
  const first = await asked();
  const second = await asked();
  expect(first.longest).toBe(12_000);
  expect(second.longest).toBeLessThan(8_000);
  await first.end();
  await second.end();
  const third = await asked();
  expect(third.longest).toBe(12_000);
  await third.end();
});

test("a prompt that does not fit is refused, and the history says which budget it was", async () => {
  const run = await claimedOn(stand);
  await spend(run, 0.999);
  const before = provider.unanswered.length;
  const refused = await askModel(stand, run.capability, { body: { ...question, system: "x".repeat(40_000) } });
  expect([refused.status, refused.headers.get("rig-budget-scope")]).toEqual([402, "issue"]);
  expect(provider.unanswered).toHaveLength(before);
  const history = await stand.store.readStream(run.stream);
  expect(history.findLast(({ type }) => type === "BUDGET_EXCEEDED")?.data).toMatchObject({ scope: "issue", limit: 1, spent: 0.999 });
});

test("what a call used is asked for anew before the next, however lately its budgets were read", async () => {
  const run = await claimedOn(stand);
  const answering = askModel(stand, run.capability);
  const { response } = await provider.next();
  response.writeHead(200, { "content-type": "text/event-stream" }).end(streamed.start + streamed.end);
  await (await answering).text();
  await until(async () => ((await stand.store.run(run.runId))?.usd ?? 0) > 0);
  await spend(run, 1);
  expect((await askModel(stand, run.capability)).status).toBe(402);
});
