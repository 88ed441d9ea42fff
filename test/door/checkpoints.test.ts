import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { z } from "zod";
import { openReport } from "../../agents/runtime/report.ts";
import { runTask } from "../../agents/runtime/run.ts";
import { MOST_CHECKPOINT, Task } from "../../agents/runtime/task.ts";
import { RunId, Sha } from "../../app/domain/ids.ts";
import { appears } from "../agents/support/appears.ts";
import { calls, type ScriptedModel, startModel } from "../agents/support/model.ts";
import { makeOrigin, type Origin, sh, temporary, write } from "../agents/support/repository.ts";
import { agentOf, askForRun, character, type Stand, startStand, subjectOf } from "./stand.ts";

let origin: Origin;
let model: ScriptedModel;
let stand: Stand;
let next = 500;

const slowly = "echo hello > greeting.txt; echo new > new.txt; echo on > on.txt; until test -e go.txt; do sleep 0.02; done; rm go.txt";

beforeAll(async () => {
  origin = makeOrigin({ "greeting.txt": "goodbye\n" });
  model = await startModel([
    calls("bash", { script: slowly }),
    calls("bash", {
      script: "cat greeting.txt new.txt > both.txt; git -c safe.directory='*' diff --name-only HEAD >> both.txt",
    }),
    calls("finish", { title: "Greet", summary: "Hello." }),
  ]);
  stand = await startStand({
    policy: { timeouts: { heartbeat: "400ms" } },
    deps: { upstream: { baseUrl: model.url, apiKey: "key" } },
    desk: {
      character: async () => ({
        character: {
          ...character,
          tools: ["bash", "finish"],
          llm: { engine: "anthropic", model: "claude-haiku-4-5", maxTokens: 1000, cache: "5m" },
          prompts: { implement: "Do it." },
        },
      }),
      record,
    },
  });
});
afterAll(async () => {
  await stand.close();
  await model.close();
});

/** As the corridor does: who loses the race for a version decides again. */
async function record(...said: Parameters<Stand["history"]["record"]>): ReturnType<Stand["history"]["record"]> {
  const recorded = await stand.history.record(...said);
  return recorded.reason === "conflict" ? record(...said) : recorded;
}

const bearer = (run: string) => stand.issuer.sign({ claims: stand.claims({ run_id: run }) });

/** An issue's run, claimed, at the head of the repository. */
async function claimed(change: object = {}, number = next++) {
  const runId = await askForRun(stand, number, { baseSha: origin.head, ...change });
  return { number, runId, stream: subjectOf(number).stream, task: await claim(runId, String(number)) };
}

async function claim(runId: string, workflowRun: string) {
  const headers = { authorization: `Bearer ${await bearer(workflowRun)}` };
  return Task.parse(await (await fetch(`${stand.url}/api/runs/${runId}/claim`, { method: "POST", headers })).json());
}

/** A run that goes on with what another one of the same issue left. */
async function goesOn({ number, runId }: { number: number; runId: string }) {
  const agentId = agentOf(number);
  const later = RunId.parse(crypto.randomUUID());
  const branch = `rig/${number}-tea-1`;
  await stand.history.record(
    subjectOf(number),
    [
      { type: "ISSUE_UNASSIGNED", data: { agentId, runId: RunId.parse(runId), cause: "preempted", reason: "A critical issue." } },
      { type: "ISSUE_ASSIGNED", data: { agentId, attempt: 1, branch, runId: later } },
      {
        type: "RUN_REQUESTED",
        data: {
          ...{ runId: later, agent: "dev-e", agentId, kind: "implement", attempt: 1, branch, findings: [] },
          baseSha: Sha.parse(origin.head),
          resumes: RunId.parse(runId),
        },
      },
    ],
    "test",
  );
  return { runId: later, task: await claim(later, `${number}1`) };
}

const ask = ({ number, runId }: { number: number; runId: RunId }) =>
  record(subjectOf(number), [{ type: "CHECKPOINT_REQUESTED", data: { runId, reason: "A critical issue." } }], "test");

async function beatOf(runId: string): Promise<void> {
  const seen = async () => (await stand.store.run(runId))?.lastSeenAt?.getTime();
  const before = await seen();
  while ((await seen()) === before) await pause(10);
}

function work(task: Task, workspace: string) {
  const output = temporary();
  const running = runTask(task, workspace, output, {
    report: openReport(stand.url, task.runId, task.capability),
    signal: new AbortController().signal,
    now: () => new Date(),
    log: () => undefined,
  });
  return { output, running };
}

const Answer = z.object({ stop: z.string().optional(), detail: z.string().optional() });

const types = async (stream: string) => (await stand.store.readStream(stream)).map(({ type }) => type);

test("an interrupted run's work is kept, and another run in another checkout goes on with the same files", async () => {
  const first = await claimed();
  expect(first.task).toMatchObject({ heartbeatMs: 100, checkpointMs: 60_000 });
  const { running } = work(first.task, origin.workspace);
  await appears(path.join(origin.workspace, "on.txt"), running);
  const seen = async () => (await stand.store.agents()).find(({ runId }) => runId === first.runId)?.progress;
  // The first beats may come before the first call is over.
  while ((await seen())?.treeSha === undefined || (await seen())?.toolCalls === 0) await pause(20);
  expect(await seen()).toMatchObject({ toolCalls: 1, testRuns: 0, sameCalls: 1 });
  await ask(first);
  // The second beat from here on only comes once the first one's answer was heard.
  for (const _ of ["first", "second"]) await beatOf(first.runId);
  write(origin.workspace, { "go.txt": "go\n" });
  expect(await running).toMatchObject({ outcome: "blocked", title: "Interrupted" });
  const kept = await stand.store.checkpoint(first.runId);
  expect(kept).toMatchObject({ baseSha: origin.head, size: expect.any(Number) });
  expect((await stand.store.readStream(first.stream)).find(({ type }) => type === "CHECKPOINT_SAVED")).toMatchObject({
    data: { runId: first.runId, sha: kept?.sha, bytes: kept?.size },
  });
  expect(await types(first.stream)).not.toContain("RUN_FINISHED");

  const second = await goesOn(first);
  expect(second.task.resume).toEqual({ sha: kept?.sha, url: `${stand.url}/api/runs/${first.runId}/checkpoint` });
  const elsewhere = path.join(origin.root, "elsewhere");
  sh(origin.root, "clone", "--quiet", origin.bare, elsewhere);
  const { running: ends, output } = work(second.task, elsewhere);
  expect(await ends).toMatchObject({ outcome: "patch" });
  sh(origin.bare, "fetch", "--quiet", path.join(output, "work.bundle"), `refs/heads/${second.task.branch}:refs/heads/arrived`);
  expect(sh(origin.bare, "show", "arrived:both.txt")).toBe("hello\nnew\ngreeting.txt\nnew.txt\non.txt");
  expect(sh(origin.bare, "log", "-1", "--format=%P %s", "arrived")).toBe(`${origin.head} Greet`);
  expect(JSON.stringify(model.requests[1]?.body)).toContain("An earlier run of this task was interrupted");
});

test.each([
  ["issue's", 15, ["CHECKPOINT_SAVED", "RUN_FINISHED"]],
  ["run's own", 5, ["RUN_FINISHED"]],
])("a run that finds its %s budget spent keeps its work only where another run may go on with it", async (_, usd, said) => {
  const run = await claimed();
  await stand.store.addUsage(run.runId, { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, usd });
  const workspace = path.join(temporary(), "made");
  sh(origin.root, "clone", "--quiet", origin.bare, workspace);
  expect(await work(run.task, workspace).running).toMatchObject({ outcome: "limit_reached" });
  expect((await types(run.stream)).filter((type) => ["CHECKPOINT_SAVED", "RUN_FINISHED"].includes(type))).toEqual(said);
});

test("once asked, every answer to the run says so until its work is kept", async () => {
  const run = await claimed();
  const beat = {
    type: "HEARTBEAT",
    data: { agentId: agentOf(run.number), status: "working", runId: run.runId, progress: { turns: 1, toolCalls: 1 } },
  };
  const say = async (body: unknown) => {
    const response = await post(run, `/events`, JSON.stringify(body), "application/json");
    return [response.status, Answer.parse(await response.json()).stop];
  };
  expect(await say(beat)).toEqual([202, undefined]);
  await ask(run);
  expect(await say(beat)).toEqual([202, "checkpoint"]);
  expect(await say({ type: "GUARD_BLOCKED", data: { runId: run.runId, rule: "R24", detail: "x" } })).toEqual([202, "checkpoint"]);
  expect((await post(run, `/checkpoint?sha=${origin.head}&base=${origin.head}`)).status).toBe(202);
  expect(await say(beat)).toEqual([202, undefined]);
});

const post = (
  { runId, task }: { readonly runId: string; readonly task: Task },
  where: string,
  body: string | Uint8Array<ArrayBuffer> = "",
  type = "application/octet-stream",
) =>
  fetch(`${stand.url}/api/runs/${runId}${where}`, {
    method: "POST",
    headers: { authorization: `Bearer ${task.capability}`, "content-type": type },
    body,
  });

/** A bundle of one commit on the repository's head. */
function bundled(text = "x\n") {
  const workspace = path.join(temporary(), "made");
  sh(origin.root, "clone", "--quiet", origin.bare, workspace);
  write(workspace, { "x.txt": text });
  sh(workspace, "add", "--all");
  sh(workspace, "commit", "--quiet", "-m", "Work in progress");
  const file = path.join(workspace, "it.bundle");
  sh(workspace, "bundle", "create", "--quiet", file, "main", `^${origin.head}`);
  return { sha: sh(workspace, "rev-parse", "HEAD"), bytes: new Uint8Array(readFileSync(file)) };
}

test("a checkpoint comes back byte for byte, to the run that goes on with it and to no other", async () => {
  const left = await claimed();
  const { sha, bytes } = bundled();
  const where = `/checkpoint?sha=${sha}&base=${origin.head}`;
  expect((await post(left, where, bytes)).status).toBe(202);
  expect(await (await post(left, where, bytes)).json()).toMatchObject({ result: "duplicate" });
  expect((await types(left.stream)).filter((type) => type === "CHECKPOINT_SAVED")).toHaveLength(1);

  const get = async (capability: string, runId = left.runId as string) => {
    const answer = await fetch(`${stand.url}/api/runs/${runId}/checkpoint`, { headers: { authorization: `Bearer ${capability}` } });
    return { status: answer.status, bytes: new Uint8Array(await answer.arrayBuffer()) };
  };
  const stranger = await claimed();
  expect((await get(stranger.task.capability)).status).toBe(403);
  expect((await get("x".repeat(43))).status).toBe(401);
  const later = await goesOn(left);
  expect(await get(later.task.capability)).toEqual({ status: 200, bytes });
  expect((await get(later.task.capability, stranger.runId)).status).toBe(403);
  expect((await get(later.task.capability, later.runId)).status).toBe(403);
  expect((await get(left.task.capability)).status).toBe(409);
});

test("a run that had nothing to keep leaves nothing to go on with", async () => {
  const left = await claimed();
  expect((await post(left, `/checkpoint?sha=${origin.head}&base=${origin.head}`)).status).toBe(202);
  expect((await stand.store.readStream(left.stream)).at(-1)).toMatchObject({
    type: "CHECKPOINT_SAVED",
    data: { sha: origin.head, bytes: 0 },
  });
  const later = await goesOn(left);
  expect(later.task.resume).toBeUndefined();
  const headers = { authorization: `Bearer ${later.task.capability}` };
  expect((await fetch(`${stand.url}/api/runs/${left.runId}/checkpoint`, { headers })).status).toBe(404);
});

test("what a later run of the issue keeps takes the place of what it went on with", async () => {
  const left = await claimed();
  const [one, two] = [bundled("one\n"), bundled("two\n")];
  await post(left, `/checkpoint?sha=${one.sha}&base=${origin.head}`, one.bytes);
  const later = await goesOn(left);
  await post(later, `/checkpoint?sha=${two.sha}&base=${origin.head}`, two.bytes);
  expect([await stand.store.checkpoint(left.runId), (await stand.store.checkpoint(later.runId))?.sha]).toEqual([undefined, two.sha]);
});

test("a checkpoint above 50 MiB is refused", async () => {
  const run = await claimed();
  const response = await post(run, `/checkpoint?sha=${"a".repeat(40)}&base=${origin.head}`, new Uint8Array(MOST_CHECKPOINT + 1)).catch(
    () => undefined,
  );
  // Who is refused while still sending may lose the connection before the answer.
  expect([413, undefined]).toContain(response?.status);
  expect(await stand.store.checkpoint(run.runId)).toBeUndefined();
});

test("a run keeps work under its own name only, and not once it is fenced or has finished", async () => {
  const [run, other] = [await claimed(), await claimed()];
  const where = `/checkpoint?sha=${origin.head}&base=${origin.head}`;
  expect((await post({ runId: other.runId, task: run.task }, where)).status).toBe(403);
  expect((await post({ runId: run.runId, task: { ...run.task, capability: "x".repeat(43) } }, where)).status).toBe(401);
  await stand.history.record(subjectOf(run.number), [{ type: "ISSUE_HELD", data: { by: "anna", reason: "wait" } }], "test");
  expect((await post(run, where)).status).toBe(409);
  const tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  const finished = { runId: other.runId, outcome: "stuck", usd: 0, tokens, turns: 1, minutes: 1 } as const;
  await stand.history.record(subjectOf(other.number), [{ type: "RUN_FINISHED", data: finished }], "test");
  expect((await post(other, where)).status).toBe(409);
  expect([await stand.store.checkpoint(run.runId), await stand.store.checkpoint(other.runId)]).toEqual([undefined, undefined]);
});

test.each<[string, (fits: ReturnType<typeof bundled>) => [sha: string, base: string, bytes: Uint8Array<ArrayBuffer>], RegExp]>([
  ["no commit", ({ bytes }) => ["x", origin.head, bytes], /Send \?sha=/],
  ["another base than the run's", ({ sha, bytes }) => [sha, "b".repeat(40), bytes], /began at/],
  ["a commit without a bundle", ({ sha }) => [sha, origin.head, new Uint8Array()], /Without a bundle/],
  ["something that is no bundle", ({ sha }) => [sha, origin.head, new TextEncoder().encode("hello")], /not a git bundle/],
  ["a bundle of another commit", ({ bytes }) => ["c".repeat(40), origin.head, bytes], /does not bring/],
])("%s is refused", async (_, given, why) => {
  const run = await claimed();
  const [sha, base, bytes] = given(bundled());
  const refused = await post(run, `/checkpoint?sha=${sha}&base=${base}`, bytes);
  expect([refused.status, Answer.parse(await refused.json()).detail]).toEqual([400, expect.stringMatching(why)]);
  expect(await types(run.stream)).not.toContain("CHECKPOINT_SAVED");
});

test("another attempt is told why the one before failed, and an answer to the same attempt is not", async () => {
  const first = await claimed();
  const agentId = agentOf(first.number);
  const reason = "It went in circles.";
  await stand.history.record(
    subjectOf(first.number),
    [{ type: "ISSUE_UNASSIGNED", data: { agentId, runId: first.runId, cause: "agent", reason } }],
    "test",
  );
  const second = await claimed({ attempt: 2 }, first.number);
  expect(second.task.before).toEqual({ attempt: 1, agentId, reason });
  expect((await claimed({ attempt: 2, kind: "fix-ci" }, first.number)).task.before).toBeUndefined();
  expect(first.task.before).toBeUndefined();
});

test("what a person granted is what a run may spend, also beyond its agent's own limit", async () => {
  const first = await claimed();
  expect(first.task.limits.usd).toBe(4);
  await stand.store.addUsage(first.runId, { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, usd: 10 });
  await stand.history.record(subjectOf(first.number), [{ type: "BUDGET_RAISED", data: { by: "anna", usd: 30 } }], "test");
  expect((await claimed({}, first.number)).task.limits.usd).toBe(20);
});
