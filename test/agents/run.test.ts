import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, test } from "@jest/globals";
import { RunOutcome } from "../../agents/runtime/outcome.ts";
import { openReport } from "../../agents/runtime/report.ts";
import { runTask } from "../../agents/runtime/run.ts";
import type { Task } from "../../agents/runtime/task.ts";
import { startConductor } from "./support/conductor.ts";
import { calls, startModel, type Turn } from "./support/model.ts";
import { makeOrigin, sh, temporary } from "./support/repository.ts";
import { CAPABILITY, RUN, taskOf } from "./support/task.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function run(
  turns: readonly Turn[],
  more: Partial<Task> = {},
  signal = new AbortController().signal,
  answer: unknown = { result: "accepted" },
) {
  const origin = makeOrigin({ "greeting.txt": "goodbye\n", "test.sh": "grep -q hello greeting.txt\n" });
  const model = await startModel(turns);
  const conductor = await startConductor({ [`/api/runs/${RUN}/events`]: answer });
  closing.push(model.close, conductor.close);
  const output = temporary();
  const task = taskOf({ baseSha: origin.head, gateway: model.url, stack: { test: "sh test.sh" }, ...more });
  const over = new AbortController();
  const running = runTask(task, origin.workspace, output, {
    report: openReport(conductor.url, RUN, CAPABILITY),
    signal: AbortSignal.any([signal, over.signal]),
    now: () => new Date(),
    log: () => undefined,
  });
  // A test that ran out of time leaves no run behind that would write into a folder that is gone.
  closing.unshift(async () => {
    over.abort();
    await running.catch(() => undefined);
  });
  const outcome = await running;
  return { origin, model, conductor, output, outcome, transcript: readFileSync(path.join(output, "transcript.jsonl"), "utf8") };
}

const greet = calls("edit", { path: "greeting.txt", old: "goodbye", new: "hello" });
const finish = calls("finish", { title: "Greet the world", summary: "It says hello now." });

test("a run leaves one commit on the task's branch as a bundle, and the test result it measured itself", async () => {
  const { origin, output, outcome, conductor } = await run([greet, finish]);
  expect(outcome).toMatchObject({
    outcome: "patch",
    title: "Greet the world",
    testsExitCode: 0,
    usage: { turns: 2, toolCalls: 2, tokens: { input: 2_000, output: 200 } },
  });
  expect(RunOutcome.parse(JSON.parse(readFileSync(path.join(output, "outcome.json"), "utf8")))).toEqual(outcome);
  sh(origin.bare, "fetch", "--quiet", path.join(output, "work.bundle"), "refs/heads/rig/7-greet-1:refs/heads/arrived");
  expect(sh(origin.bare, "show", "arrived:greeting.txt")).toBe("hello");
  expect(sh(origin.bare, "log", "-1", "--format=%P %an %s|%(trailers:key=Rig-Run,valueonly)", "arrived")).toBe(
    `${origin.head} Dev Greet the world|${RUN}`,
  );
  expect(conductor.events()).toEqual([
    { type: "RUN_FINISHED", data: expect.objectContaining({ runId: RUN, outcome: "patch", turns: 2, testsExitCode: 0 }) },
  ]);
});

test("a heartbeat tells that it lives, from the runtime itself", async () => {
  const { conductor } = await run([finish]);
  expect(conductor.heard[0]).toMatchObject({
    bearer: CAPABILITY,
    body: { type: "HEARTBEAT", data: { agentId: "dev-e-1", runId: RUN, status: "working" } },
  });
});

test("tests that fail are told, whatever the agent says", async () => {
  const { outcome } = await run([calls("edit", { path: "new.txt", old: "", new: "x" }), finish]);
  expect(outcome).toMatchObject({ outcome: "patch", testsExitCode: 1 });
});

test("an agent that changed nothing has nothing to do", async () => {
  const { outcome, output } = await run([finish]);
  expect(outcome.outcome).toBe("nothing_to_do");
  expect(readdirSync(output)).not.toContain("work.bundle");
});

test("a stuck agent's reason reaches the Conductor", async () => {
  const { conductor } = await run([calls("report_stuck", { reason: "There is no till." })]);
  expect(conductor.events()[0]).toEqual({
    type: "AGENT_STUCK",
    data: {
      agentId: "dev-e-1",
      runId: RUN,
      attempt: 1,
      cause: "agent",
      reason: "There is no till.",
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
    },
  });
  expect(conductor.events()[1]).toMatchObject({ type: "RUN_FINISHED", data: { outcome: "stuck" } });
});

test("a run without a model keeps its work, and its agent is not blamed", async () => {
  const { conductor, outcome } = await run([greet, { status: 401, message: "No key." }]);
  expect(outcome).toMatchObject({ outcome: "failed", title: "No model" });
  expect(conductor.events()).toMatchObject([
    { type: "AGENT_STUCK", data: { cause: "infra", reason: expect.stringContaining("The model cannot be reached") } },
    { type: "RUN_FINISHED", data: { outcome: "failed", summary: expect.stringContaining("The model cannot be reached") } },
  ]);
  const kept = conductor.heard.find(({ path: place }) => place.endsWith("/checkpoint"));
  expect(kept?.query.sha).not.toBe(kept?.query.base);
});

test("what a rule stopped is told before the end, however slowly it is heard", async () => {
  const order: string[] = [];
  const slowly = async ({ body }: { body: unknown }) => {
    const { type } = body as { type: string };
    if (type === "GUARD_BLOCKED") await pause(2_500);
    order.push(type);
    return { result: "accepted" };
  };
  await run([calls("bash", { script: "sudo id" }), greet, finish], {}, undefined, slowly);
  expect(order.filter((type) => type !== "HEARTBEAT")).toEqual(["GUARD_BLOCKED", "RUN_FINISHED"]);
});
