import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, test } from "@jest/globals";
import { begin, keepWork } from "../../agents/runtime/checkpoint.ts";
import { openReport } from "../../agents/runtime/report.ts";
import { runTask } from "../../agents/runtime/run.ts";
import { BUDGET_SCOPE, type Task } from "../../agents/runtime/task.ts";
import { watchTree } from "../../agents/runtime/tree.ts";
import { checkOut } from "../../agents/runtime/workspace.ts";
import { appears } from "./support/appears.ts";
import { type Conductor, startConductor } from "./support/conductor.ts";
import { calls, startModel, type Turn } from "./support/model.ts";
import { makeOrigin, type Origin, sh, temporary, write } from "./support/repository.ts";
import { CAPABILITY, RUN, taskOf } from "./support/task.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const events = `/api/runs/${RUN}/events`;
const checkpoint = `/api/runs/${RUN}/checkpoint`;
const files = { "greeting.txt": "goodbye\n", "test.sh": "test -e slow.txt && sleep 1000; true\n" };
const finish = calls("finish", { title: "Greet", summary: "Hello." });

/** A run beside a Conductor that says "stop" from the moment a file appears in the workspace. */
async function started(turns: readonly Turn[], { more = {}, answer = {} }: { more?: Partial<Task>; answer?: unknown } = {}) {
  const origin = makeOrigin(files);
  const model = await startModel(turns);
  let asks = false;
  let asked = 0;
  const conductor = await startConductor({
    [events]: () => {
      if (asks) asked += 1;
      return { result: "accepted", ...(asks ? { stop: "checkpoint" } : {}) };
    },
    [checkpoint]: answer,
  });
  closing.push(model.close, conductor.close);
  const output = temporary();
  const log: string[] = [];
  const told = new AbortController();
  const task = taskOf({ baseSha: origin.head, gateway: model.url, heartbeatMs: 50, ...more });
  const running = runTask(task, origin.workspace, output, {
    report: openReport(conductor.url, RUN, CAPABILITY),
    signal: told.signal,
    now: () => new Date(),
    log: (line) => log.push(line),
  });
  // However the test goes, its run is over before its folders are.
  closing.unshift(async () => {
    told.abort();
    await running.catch(() => undefined);
  });
  const ask = async (file: string) => {
    await appears(path.join(origin.workspace, file), running);
    asks = true;
    // The second answer is only asked for once the first was heard.
    while (asked < 2 && kept(conductor).length === 0) await pause(10);
  };
  return { origin, model, conductor, output, log, running, ask, told };
}

const kept = ({ heard }: Conductor) => heard.filter(({ path }) => path === checkpoint);

/** What a kept bundle holds, as somebody with the base sees it. */
function landed(origin: Origin, bytes: unknown): string {
  const file = path.join(temporary(), "kept.bundle");
  writeFileSync(file, bytes as Buffer);
  sh(origin.bare, "fetch", "--quiet", file, "refs/heads/rig/7-greet-1:refs/heads/kept");
  return sh(origin.bare, "log", "-1", "--format=%P|%an|%s", "kept");
}

test("a run that is asked to stop lets its command end, keeps all its work, and pretends no result", async () => {
  const slow = calls("bash", {
    script: "echo hello > greeting.txt; echo on > on.txt; until test -e go.txt; do sleep 0.02; done; echo end > end.txt",
  });
  const run = await started([slow, finish]);
  await run.ask("on.txt");
  expect(kept(run.conductor)).toEqual([]);
  write(run.origin.workspace, { "go.txt": "go\n" });
  expect(await run.running).toMatchObject({ outcome: "blocked", title: "Interrupted" });
  const [sent] = kept(run.conductor);
  expect(sent).toMatchObject({ bearer: CAPABILITY, query: { base: run.origin.head, sha: expect.stringMatching(/^[0-9a-f]{40}$/) } });
  expect(landed(run.origin, sent?.body)).toBe(`${run.origin.head}|Dev|Work in progress`);
  expect(sh(run.origin.bare, "rev-parse", "kept")).toBe(sent?.query.sha);
  expect(sh(run.origin.bare, "show", "kept:greeting.txt")).toBe("hello");
  expect(sh(run.origin.bare, "show", "kept:end.txt")).toBe("end");
  expect(run.model.requests).toHaveLength(1);
  expect(run.conductor.events()).toEqual([]);
  expect(JSON.parse(readFileSync(path.join(run.output, "outcome.json"), "utf8"))).toMatchObject({ outcome: "blocked" });
});

test("a command that does not end in time is ended, and its work is kept too", async () => {
  const endless = calls("bash", { script: "echo hello > greeting.txt; echo on > on.txt; sleep 1000" });
  const run = await started([endless, finish], { more: { checkpointMs: 100 } });
  await run.ask("on.txt");
  await run.running;
  landed(run.origin, kept(run.conductor)[0]?.body);
  expect(sh(run.origin.bare, "show", "kept:greeting.txt")).toBe("hello");
});

test.each([
  ["a command under way", [calls("bash", { script: "echo hello > greeting.txt; echo on > on.txt; sleep 1000" })], {}],
  ["a question under way", [calls("bash", { script: "echo hello > greeting.txt; echo on > on.txt" }), "is silent" as const], {}],
  [
    "tests under way after the agent was done",
    [calls("bash", { script: "echo hello > greeting.txt" }), finish],
    { stack: { test: "echo on > on.txt; sleep 1000" } },
  ],
])("a job that is told to end keeps its work before it is killed, and pretends no result: %s", async (_, turns, more) => {
  const run = await started(turns, { more });
  await appears(path.join(run.origin.workspace, "on.txt"), run.running);
  const began = performance.now();
  run.told.abort();
  expect(await run.running).toMatchObject({ outcome: "blocked", title: "Interrupted" });
  // Ten seconds after it is told, a job is killed.
  expect(performance.now() - began).toBeLessThan(8_000);
  expect(landed(run.origin, kept(run.conductor)[0]?.body)).toContain(`${run.origin.head}|Dev|`);
  expect(sh(run.origin.bare, "show", "kept:greeting.txt")).toBe("hello");
  expect(run.conductor.events()).toEqual([]);
});

test("tests under way after the agent was done are cut short, and what it did is kept without their leavings", async () => {
  const done = calls("bash", { script: "echo hello > greeting.txt" });
  const test = "echo on > on.txt; sleep 1000";
  const run = await started([done, finish], { more: { stack: { test } } });
  await run.ask("on.txt");
  expect(await run.running).toMatchObject({ outcome: "blocked" });
  landed(run.origin, kept(run.conductor)[0]?.body);
  expect(sh(run.origin.bare, "ls-tree", "--name-only", "kept")).toBe("greeting.txt\ntest.sh");
});

test("a run that changed nothing says so at once, without a bundle", async () => {
  const run = await started([calls("bash", { script: "echo > .git/on; sleep 1000" })], { more: { checkpointMs: 100 } });
  await run.ask(".git/on");
  await run.running;
  expect(kept(run.conductor)).toMatchObject([{ body: undefined, query: { sha: run.origin.head, base: run.origin.head } }]);
});

test("work that is too large is not kept, the Conductor hears so at once, and the run ends", async () => {
  const answer = ({ body }: { body: unknown }) => (body === undefined ? {} : 413);
  const run = await started([calls("bash", { script: "echo on > on.txt; sleep 1000" })], { more: { checkpointMs: 100 }, answer });
  await run.ask("on.txt");
  expect(await run.running).toMatchObject({ outcome: "blocked" });
  expect(kept(run.conductor).map(({ body, query }) => [body === undefined, query.sha === query.base])).toEqual([
    [false, false],
    [true, true],
  ]);
  expect(run.log.join("\n")).toContain("too large to keep");
});

test("a gigabyte is not even read: the Conductor hears at once that nothing is kept", async () => {
  const run = await started([calls("bash", { script: "truncate -s 1G huge; echo on > on.txt; sleep 1000" })], {
    more: { checkpointMs: 100 },
  });
  await run.ask("on.txt");
  expect(await run.running).toMatchObject({ outcome: "blocked" });
  expect(kept(run.conductor).map(({ body, query }) => [body === undefined, query.sha === query.base])).toEqual([[true, true]]);
  expect(run.log.join("\n")).toMatch(/could not be kept: The change has 10737\d+ bytes/);
});

test("a refused checkpoint ends the run all the same", async () => {
  const run = await started([calls("bash", { script: "echo on > on.txt; sleep 1000" })], { more: { checkpointMs: 100 }, answer: 409 });
  await run.ask("on.txt");
  expect(await run.running).toMatchObject({ outcome: "blocked" });
  expect(run.log.join("\n")).toContain("could not be kept: The Conductor answered 409");
});

test("a spent budget of the issue keeps the work before the run ends with limit_reached", async () => {
  const run = await started([
    calls("bash", { script: "echo hello > greeting.txt" }),
    { status: 402, message: "Spent.", headers: { [BUDGET_SCOPE]: "issue" } },
  ]);
  expect(await run.running).toMatchObject({ outcome: "limit_reached" });
  expect(kept(run.conductor)).toHaveLength(1);
  const paths = run.conductor.heard.map(({ path, body }) => `${path} ${JSON.stringify(body).slice(0, 22)}`);
  expect(paths.findIndex((said) => said.startsWith(checkpoint))).toBeLessThan(paths.findIndex((said) => said.includes("RUN_FINISHED")));
});

/** Work that was kept, and where the next run finds it. */
async function keptWork(origin: Origin, change: () => void, more: Partial<Task> = {}) {
  const task = taskOf({ baseSha: origin.head, gateway: "http://127.0.0.1:1", ...more });
  const folder = temporary();
  const checkout = await checkOut(task, origin.workspace, path.join(folder, "ours.git"));
  change();
  const conductor = await startConductor({ [checkpoint]: {} });
  closing.push(conductor.close);
  const now = () => new Date("2026-11-22T12:00:00Z");
  const quiet = { note: () => undefined, log: () => undefined };
  await keepWork({ task, checkout, folder, report: openReport(conductor.url, RUN, CAPABILITY), redact: String, now, ...quiet });
  const sent = kept(conductor)[0];
  conductor.answers[checkpoint] = sent?.body;
  return { task, conductor, resume: { sha: String(sent?.query.sha), url: `${conductor.url}${checkpoint}` } };
}

/** A fresh checkout of the same repository, as another job has it. */
function elsewhere({ bare, root }: Origin): string {
  const workspace = path.join(root, "elsewhere");
  mkdirSync(workspace);
  sh(root, "clone", "--quiet", bare, workspace);
  return workspace;
}

test("the next run finds the same files: new, changed, deleted, not committed and not staged away", async () => {
  const origin = makeOrigin({ "a.txt": "alpha\n", "b.txt": "beta\n" });
  const { task, resume, conductor } = await keptWork(origin, () => {
    write(origin.workspace, { "a.txt": "ALPHA\n", "c/d.txt": "delta\n" });
    sh(origin.workspace, "rm", "--quiet", "b.txt");
  });
  const workspace = elsewhere(origin);
  const log: string[] = [];
  const { resumed } = await begin({ ...task, resume }, workspace, {
    folder: temporary(),
    note: () => undefined,
    log: (line) => log.push(line),
  });
  expect([resumed, log]).toEqual([true, [expect.stringContaining(resume.sha)]]);
  expect(sh(workspace, "diff", "--name-status", "HEAD")).toBe("M\ta.txt\nD\tb.txt\nA\tc/d.txt");
  expect(readFileSync(path.join(workspace, "a.txt"), "utf8")).toBe("ALPHA\n");
  expect(sh(workspace, "rev-parse", "HEAD")).toBe(origin.head);
  expect(conductor.heard.at(-1)).toMatchObject({ path: checkpoint, bearer: CAPABILITY });
});

test.each<[string, (conductor: Conductor, resume: { sha: string }) => unknown, RegExp]>([
  ["is gone", ({ answers }) => Object.assign(answers, { [checkpoint]: 404 }), /answered 404/],
  ["is no bundle", ({ answers }) => Object.assign(answers, { [checkpoint]: Buffer.from("hello") }), /git bundle failed/],
  ["brings another commit", (_, resume) => Object.assign(resume, { sha: "e".repeat(40) }), /git show failed/],
])("work that %s is no reason to fail: the run starts afresh and says so", async (_, spoil, reason) => {
  const origin = makeOrigin({ "a.txt": "alpha\n" });
  const { task, resume, conductor } = await keptWork(origin, () => write(origin.workspace, { "a.txt": "ALPHA\n" }));
  const asked = { ...resume };
  spoil(conductor, asked);
  const workspace = elsewhere(origin);
  const log: string[] = [];
  const { resumed } = await begin({ ...task, resume: asked }, workspace, {
    folder: temporary(),
    note: () => undefined,
    log: (line) => log.push(line),
  });
  expect([resumed, log]).toEqual([false, [expect.stringMatching(reason)]]);
  expect(sh(workspace, "status", "--porcelain")).toBe("");
});

test("work on another base is not taken over", async () => {
  const origin = makeOrigin({ "a.txt": "alpha\n" });
  const { task, resume } = await keptWork(origin, () => write(origin.workspace, { "a.txt": "ALPHA\n" }));
  const workspace = elsewhere(origin);
  write(workspace, { "b.txt": "beta\n" });
  sh(workspace, "add", "--all");
  sh(workspace, "commit", "--quiet", "-m", "Meanwhile");
  const baseSha = sh(workspace, "rev-parse", "HEAD");
  const log: string[] = [];
  await begin({ ...task, baseSha, resume }, workspace, { folder: temporary(), note: () => undefined, log: (line) => log.push(line) });
  expect(log).toEqual([expect.stringContaining(`it stands on ${origin.head}, and this run on ${baseSha}`)]);
  expect(sh(workspace, "status", "--porcelain")).toBe("");
});

test("an interrupted merge goes on as one while the default branch stands still, and afresh once it moved", async () => {
  const origin = makeOrigin({ "a.txt": "alpha\n" });
  sh(origin.workspace, "checkout", "--quiet", "-b", "rig/7-greet-1");
  write(origin.workspace, { "a.txt": "theirs\n" });
  sh(origin.workspace, "commit", "--quiet", "-am", "The run's first commit");
  sh(origin.workspace, "push", "--quiet", "origin", "rig/7-greet-1");
  const baseSha = sh(origin.workspace, "rev-parse", "HEAD");
  const advance = (text: string) => {
    sh(origin.workspace, "checkout", "--quiet", "--force", "main");
    write(origin.workspace, { "a.txt": text });
    sh(origin.workspace, "commit", "--quiet", "-am", "Meanwhile");
    sh(origin.workspace, "push", "--quiet", "origin", "main");
  };
  advance("main's\n");
  const half = () => write(origin.workspace, { "a.txt": "both\n" });
  const { task, resume } = await keptWork(origin, half, { kind: "rebase", baseSha });
  const workspace = elsewhere(origin);
  const quiet = { note: () => undefined, log: () => undefined };
  const { resumed, checkout } = await begin({ ...task, resume }, workspace, { folder: temporary(), ...quiet });
  expect([resumed, readFileSync(path.join(workspace, "a.txt"), "utf8")]).toEqual([true, "both\n"]);
  expect(checkout.parents).toEqual([baseSha, sh(origin.bare, "rev-parse", "main")]);

  advance("main's again\n");
  sh(workspace, "fetch", "--quiet", "origin");
  expect((await begin({ ...task, resume }, workspace, { folder: temporary(), ...quiet })).resumed).toBe(false);
  expect(sh(workspace, "diff", "--name-only", "--diff-filter=U")).toBe("a.txt");
});

test("the tree follows every change of the files and touches nothing of the agent's", async () => {
  const origin = makeOrigin({ "a.txt": "alpha\n", ".gitignore": "*.log\n" });
  const task = taskOf({ baseSha: origin.head, gateway: "http://127.0.0.1:1" });
  const folder = temporary();
  const watch = watchTree(await checkOut(task, origin.workspace, path.join(folder, "ours.git")), folder);
  const becomes = async (tree: string) => {
    while (watch.sha() !== tree) await pause(10);
  };
  expect(watch.sha()).toBeUndefined();
  await becomes(sh(origin.workspace, "rev-parse", "HEAD^{tree}"));
  write(origin.workspace, { "b/c.txt": "beta\n", "noise.log": "x" });
  const other = elsewhere(origin);
  write(other, { "b/c.txt": "beta\n" });
  sh(other, "add", "--all");
  await becomes(sh(other, "write-tree"));
  expect(sh(origin.workspace, "status", "--porcelain")).toBe("?? b/");
  write(origin.workspace, { "a.txt": "ALPHA\n", "d\n.txt": "delta\n" });
  expect(await watch.changed()).toEqual(["a.txt", "b/c.txt", "d\n.txt"]);
  await watch.close();
  expect(await watch.changed()).toEqual(["a.txt", "b/c.txt", "d\n.txt"]);
});
