import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Said } from "../../app/domain/envelope.ts";
import { askModel, type Claimed, claimedOn, until } from "./caller.ts";
import { startProvider, streamed, streamedUsd } from "./provider.ts";
import { agentOf, type Stand, startStand, subjectOf } from "./stand.ts";

let provider: Awaited<ReturnType<typeof startProvider>>;
let stand: Stand;
beforeAll(async () => {
  provider = await startProvider();
  stand = await startStand({ deps: { upstream: { baseUrl: provider.url, apiKey: "sk-ant-key" } } });
});
afterAll(async () => {
  await stand.close();
  await provider.close();
});

const finished = ({ runId }: Claimed): Said => ({
  type: "RUN_FINISHED",
  data: { runId, outcome: "patch", usd: 0, tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }, turns: 1, minutes: 1 },
});
const unassigned =
  (cause: "agent" | "infra" | "human" | "superseded" | "preempted") =>
  ({ runId, number }: Claimed): Said => ({
    type: "ISSUE_UNASSIGNED",
    data: { agentId: agentOf(number), runId, cause, reason: "It is over." },
  });

const ends: readonly (readonly [string, (run: Claimed) => Said, number])[] = [
  ["finished", finished, 409],
  ["stuck, and so without its issue", unassigned("agent"), 409],
  ["lost by its runner", unassigned("infra"), 409],
  ["stopped by a person", unassigned("human"), 409],
  ["withdrawn for something more urgent", unassigned("preempted"), 409],
  ["replaced", unassigned("superseded"), 409],
  ["held by a person", () => ({ type: "ISSUE_HELD", data: { by: "anna", reason: "wait" } }), 409],
];

const say = (run: Claimed, said: Said) => stand.history.record(subjectOf(run.number), [said], "test");

test.each(ends)("a run that is %s asks the model in vain", async (_, said, status) => {
  const run = await claimedOn(stand);
  await say(run, said(run));
  const before = provider.unanswered.length;
  for (const path of ["messages", "messages/count_tokens"]) expect((await askModel(stand, run.capability, { path })).status).toBe(status);
  const models = await fetch(`${stand.url}/llm/v1/models`, { headers: { authorization: `Bearer ${run.capability}` } });
  expect(models.status).toBe(status);
  expect(provider.unanswered).toHaveLength(before);
});

test("a bearer whose time is over is none", async () => {
  const run = await claimedOn(stand);
  await stand.pool.query("update rig.runs set capability_expires_at = clock_timestamp() where run_id = $1", [run.runId]);
  expect((await askModel(stand, run.capability)).status).toBe(401);
});

test("a stream under way is cut when its run is replaced, and what it cost is counted all the same", async () => {
  const run = await claimedOn(stand);
  const answering = askModel(stand, run.capability);
  const { response } = await provider.next();
  response.writeHead(200, { "content-type": "text/event-stream" }).write(streamed.start);
  const reader = ((await answering).body ?? new ReadableStream()).getReader();
  await reader.read();
  const rest = reader.read();
  await say(run, unassigned("superseded")(run));
  await expect(rest).rejects.toThrow();
  response.end(streamed.text + streamed.end);
  await until(async () => (await stand.store.run(run.runId))?.usd === streamedUsd);
});
