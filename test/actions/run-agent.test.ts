import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { appears } from "../agents/support/appears.ts";
import { type Conductor, startConductor } from "../agents/support/conductor.ts";
import { calls, startModel, type Turn } from "../agents/support/model.ts";
import { makeOrigin, temporary } from "../agents/support/repository.ts";
import { CAPABILITY, RUN, taskOf } from "../agents/support/task.ts";
import { identity, runAction, startAction } from "./support/action.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const claim = `/api/runs/${RUN}/claim`;
const events = `/api/runs/${RUN}/events`;

async function job(turns: readonly Turn[], answers: Conductor["answers"] = {}, inputs: Readonly<Record<string, string>> = { run: RUN }) {
  const origin = makeOrigin({ "a.txt": "alpha\n" });
  const model = await startModel(turns);
  const task = taskOf({ baseSha: origin.head, gateway: model.url });
  const conductor = await startConductor({ [claim]: task, [events]: { result: "accepted" }, ...answers });
  closing.push(model.close, conductor.close);
  const output = path.join(temporary(), "out");
  const options = {
    inputs: { conductor: `${conductor.url}/`, output, ...inputs },
    env: { ...identity(conductor.url), GITHUB_WORKSPACE: origin.workspace },
  };
  const outcome = () => JSON.parse(readFileSync(path.join(output, "outcome.json"), "utf8"));
  return { origin, model, conductor, output, options, outcome };
}

const stuck = calls("report_stuck", { reason: `There is no till; ${CAPABILITY} does not open one.` });

test("a person's issue becomes a run first, and the run is claimed", async () => {
  const { conductor, options } = await job([stuck], { "/api/runs": { runId: RUN } }, { issue: "7", agent: "dev-e" });
  expect(await runAction("run-agent", options)).toMatchObject({ exitCode: 0, outputs: { run: RUN, outcome: "stuck" } });
  expect(conductor.heard[0]).toMatchObject({ path: "/api/runs", body: { agent: "dev-e", issue: 7 } });
  expect(conductor.heard[1]?.path).toBe(claim);
});

test("an agent that needs no issue is started without one, as the Conductor decides", async () => {
  const { conductor, options } = await job([stuck], { "/api/runs": { runId: RUN } }, { agent: "architect-e" });
  expect(await runAction("run-agent", options)).toMatchObject({ exitCode: 0, outputs: { run: RUN } });
  expect(conductor.heard[0]).toMatchObject({ path: "/api/runs", body: { agent: "architect-e" } });
});

test("the capability stands in nothing that is kept or told", async () => {
  const { conductor, output, options } = await job([stuck]);
  const { log } = await runAction("run-agent", options);
  const kept = ["outcome.json", "transcript.jsonl"].map((file) => readFileSync(path.join(output, file), "utf8")).join();
  expect(kept).toContain("There is no till; ***");
  expect(kept + JSON.stringify(conductor.events()) + log.replace(`::add-mask::${CAPABILITY}`, "")).not.toContain(CAPABILITY.slice(0, 12));
});

test("neither the Conductor nor the model being away for a moment ends the run", async () => {
  let claims = 0;
  let told = 0;
  const origin = makeOrigin({ "a.txt": "alpha\n" });
  const model = await startModel(["is away", { status: 503, message: "Starting" }, "breaks off", stuck]);
  const conductor = await startConductor({
    [claim]: () => (++claims === 1 ? "is away" : claims === 2 ? 503 : taskOf({ baseSha: origin.head, gateway: model.url })),
    [events]: () => (++told % 2 === 1 ? "is away" : { result: "accepted" }),
  });
  closing.push(model.close, conductor.close);
  const output = path.join(temporary(), "out");
  const env = { ...identity(conductor.url), GITHUB_WORKSPACE: origin.workspace };
  expect(await runAction("run-agent", { inputs: { run: RUN, conductor: conductor.url, output }, env })).toMatchObject({
    exitCode: 0,
    outputs: { outcome: "stuck" },
  });
  expect(conductor.events().at(-1)).toMatchObject({ type: "RUN_FINISHED", data: { outcome: "stuck" } });
});

test.each<[string, Conductor["answers"], Readonly<Record<string, string>>, RegExp]>([
  [
    "a run that is claimed already",
    { [claim]: 409 },
    { run: RUN },
    /^::error::The Conductor answered 409 to \/api\/runs\/[^ ]+\/claim: It says 409\.$/m,
  ],
  [
    "a person who may not",
    { "/api/runs": 403 },
    { issue: "7", agent: "dev-e" },
    /^::error::The Conductor answered 403 to \/api\/runs: It says 403\.$/m,
  ],
  ["neither run nor issue", {}, {}, /^::error::Neither a run nor an issue is given/m],
  [
    "an answer that is no task",
    { [claim]: { hello: 1 } },
    { run: RUN },
    /^::error::The Conductor's task does not fit this version of the action: runId: /m,
  ],
  ["an output folder the agent could write to", {}, { run: RUN, output: "inside" }, /^::error::The output folder .* lies in the checkout/m],
  ["an address that is none", {}, { run: RUN, conductor: "rig" }, /^::error::The input conductor is "rig"/m],
])("%s fails with one sentence", async (_, answers, inputs, sentence) => {
  const { options } = await job([], answers, inputs);
  const { exitCode, log } = await runAction("run-agent", options);
  expect(log).toMatch(sentence);
  expect(log).not.toContain("    at ");
  expect(exitCode).toBe(1);
});

test("a job without a workload identity says which permission it needs", async () => {
  const { options } = await job([]);
  const { log } = await runAction("run-agent", { ...options, env: { GITHUB_WORKSPACE: options.env.GITHUB_WORKSPACE } });
  expect(log).toContain("it needs `permissions: id-token: write`");
});

test("a job that is told to end stops its commands, keeps its work and pretends no result", async () => {
  const { origin, conductor, options, outcome } = await job([calls("bash", { script: "echo on > on.txt; sleep 1000" })]);
  const running = startAction("run-agent", options);
  await appears(path.join(origin.workspace, "on.txt"), running.ended);
  running.process.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ exitCode: 0, outputs: { outcome: "blocked" } });
  expect(outcome()).toMatchObject({ outcome: "blocked", summary: "The job was told to end; its work is kept." });
  expect(conductor.events()).toEqual([]);
  expect(conductor.heard.some(({ path: place }) => place.endsWith("/checkpoint"))).toBe(true);
});

test("a run whose work went to another stops at the next heartbeat's refusal", async () => {
  const { options, outcome } = await job([calls("bash", { script: "sleep 1000" })], { [events]: 409 });
  expect(await runAction("run-agent", options)).toMatchObject({ exitCode: 0, outputs: { outcome: "blocked" } });
  expect(outcome().summary).toBe("The Conductor gave the work to another run.");
});

test("a run that is asked to make room hands over its work, reports no result, and leaves a green job with nothing to publish", async () => {
  const { model, origin, conductor, options, outcome } = await job([calls("bash", { script: "echo beta > b.txt; sleep 1000" })]);
  let asks = false;
  conductor.answers[claim] = taskOf({ baseSha: origin.head, gateway: model.url, heartbeatMs: 50, checkpointMs: 50 });
  conductor.answers[events] = () => (asks ? { stop: "checkpoint" } : {});
  conductor.answers[`/api/runs/${RUN}/checkpoint`] = {};
  const running = startAction("run-agent", options);
  await appears(path.join(origin.workspace, "b.txt"), running.ended);
  asks = true;
  expect(await running.ended).toMatchObject({ exitCode: 0, outputs: { outcome: "blocked" } });
  expect(outcome()).toMatchObject({ title: "Interrupted" });
  expect(conductor.heard.filter(({ path }) => path.endsWith("/checkpoint"))).toMatchObject([
    { bearer: CAPABILITY, query: { base: origin.head }, body: expect.any(Buffer) },
  ]);
  expect(conductor.events()).toEqual([]);
});

test("a run that cannot begin is told as failed, and the job is red", async () => {
  const { origin, model, options, conductor } = await job([]);
  conductor.answers[claim] = taskOf({ baseSha: "e".repeat(40), gateway: model.url });
  const { exitCode, log } = await runAction("run-agent", options);
  expect(exitCode).toBe(1);
  expect(log).toContain(`::error::The run failed: The checkout lacks ${"e".repeat(40)}`);
  expect(conductor.events()).toMatchObject([{ type: "RUN_FINISHED", data: { outcome: "failed" } }]);
  expect(existsSync(origin.workspace)).toBe(true);
});
