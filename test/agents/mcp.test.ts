import { copyFileSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { ResolvedCharacter } from "../../agents/runtime/character.ts";
import { openServers, type Servers } from "../../agents/runtime/mcp/servers.ts";
import { openReport } from "../../agents/runtime/report.ts";
import { runTask } from "../../agents/runtime/run.ts";
import { openSandbox, type Sandbox } from "../../agents/runtime/sandbox/sandbox.ts";
import type { Started } from "../../agents/runtime/sandbox/start.ts";
import { startConductor } from "./support/conductor.ts";
import { calls, startModel } from "./support/model.ts";
import { makeOrigin, temporary } from "./support/repository.ts";
import { CAPABILITY, RUN, taskOf } from "./support/task.ts";
import { toolboxOf } from "./support/toolbox.ts";

const source = path.join(import.meta.dirname, "support/tool-server.sh");
const server = (kind: string, tools?: readonly string[]): ResolvedCharacter["mcpServers"][string] => ({
  command: "bash",
  args: ["server.sh", kind],
  ...(tools ? { tools: [...tools] } : {}),
});

let sandbox: Sandbox;
let workspace = "";
let well: Servers;
const started: Started[] = [];
const signal = new AbortController().signal;

const open = (servers: ResolvedCharacter["mcpServers"], more: { beginMs?: number; callMs?: number } = {}) =>
  openServers(servers, {
    sandbox: {
      start: (script) => {
        const program = sandbox.start(script);
        started.push(program);
        return program;
      },
    },
    signal,
    ...more,
  });

const call = async ({ tools }: Servers, name: string, input: object = {}): Promise<string> => {
  const answer = await tools[name]?.run(input, toolboxOf({ workspace, sandbox }));
  return answer && "text" in answer ? answer.text : "no such tool";
};

beforeAll(async () => {
  process.env.RIG_TEST_CANARY = "canary-in-the-environment";
  workspace = temporary();
  copyFileSync(source, path.join(workspace, "server.sh"));
  sandbox = await openSandbox({ workspace });
  well = await open({ shelf: server("well") });
});
afterAll(async () => {
  delete process.env.RIG_TEST_CANARY;
  await well.close();
  await sandbox.close();
});

test("a server's tools have its name before theirs, and the input that it describes", async () => {
  expect(well.missing).toEqual([]);
  expect(Object.keys(well.tools)).toContain("shelf__add");
  expect(well.tools.shelf__add).toMatchObject({
    description: "It can add.",
    schema: { type: "object", properties: { a: { type: "number" }, b: { type: "number" } }, required: ["a", "b"] },
  });
  expect(await call(well, "shelf__add", { a: 2, b: 40 })).toBe("42");
});

test("only plain text of an answer goes to the model, and not all of a long one", async () => {
  expect(await call(well, "shelf__paint")).toBe("red!");
  expect(await call(well, "shelf__picture")).toBe("[image: not shown]");
  const much = await call(well, "shelf__much");
  expect(much.length).toBeLessThan(70_000);
  expect(much).toContain("characters left out");
});

test("a tool that fails tells the model why", async () => {
  await expect(call(well, "shelf__fail")).rejects.toThrow(/^The shelf is empty\.$/);
});

test("a server sees neither this process's environment nor any other of its secrets", async () => {
  expect(await call(well, "shelf__environment")).not.toContain("canary");
  // A server that can look at its own can look: what it is refused is another's.
  expect(await call(well, "shelf__environment")).toContain("PATH=");
  await expect(call(well, "shelf__peek", { pid: process.pid })).rejects.toThrow("It is not to be seen.");
});

test("only the tools that the character allows are offered, and one that is not there is told", async () => {
  const servers = await open({ shelf: server("well", ["add", "lend"]) });
  expect(Object.keys(servers.tools)).toEqual(["shelf__add"]);
  expect(servers.missing).toEqual(["The tool server shelf has no tool lend."]);
  await servers.close();
});

test("a tool with an impossible name, or the name of another, is left out and told", async () => {
  const servers = await open({ shelf: server("odd") });
  expect(Object.keys(servers.tools)).toEqual(["shelf__add"]);
  expect(servers.missing).toEqual([
    expect.stringMatching(/^The tool add .*two of this name/),
    expect.stringMatching(/^The tool not a name .*left out: its name has other characters/),
    expect.stringMatching(/^The tool n+ .*too long/),
  ]);
  await servers.close();
});

test.each([
  ["is no program", { command: "no-such-program", args: [] }, /nowhere is not available: it ended with 127; it said: .*no-such-program/],
  ["ends at once", server("broken"), /nowhere is not available: it ended with 7; it said: no database/],
  ["says nothing", server("silent"), /nowhere is not available: .*[Tt]imed out/],
  ["says far too much", server("flood"), /nowhere is not available: it sent more than \d+ bytes in one message/],
])("a server that %s is missed with the reason, and the others are there", async (_, bad, sentence) => {
  const servers = await open({ nowhere: bad, shelf: server("well", ["add"]) }, { beginMs: 2_000 });
  expect(servers.missing).toEqual([expect.stringMatching(sentence)]);
  expect(await call(servers, "shelf__add", { a: 1, b: 1 })).toBe("2");
  await servers.close();
});

test("a server that dies in a call, and whoever calls it after that, is told of", async () => {
  const servers = await open({ shelf: server("well") });
  await expect(call(servers, "shelf__die")).rejects.toThrow(/The tool server shelf did not answer: .*it ended with 3/);
  await expect(call(servers, "shelf__add", { a: 1, b: 1 })).rejects.toThrow(/The tool server shelf did not answer/);
  await servers.close();
});

test("a call that hangs ends", async () => {
  const servers = await open({ shelf: server("well") }, { callMs: 300 });
  await expect(call(servers, "shelf__wait")).rejects.toThrow(/The tool server shelf did not answer: .*[Tt]imed out/);
  expect(await call(servers, "shelf__add", { a: 1, b: 1 })).toBe("2");
  await servers.close();
});

test("no server outlives its closing", async () => {
  const before = started.length;
  const servers = await open({ shelf: server("well") });
  await servers.close();
  expect(await started[before]?.exited).toBeNull();
});

test("a run has its servers' tools; what it lacks stands in its log, its transcript and its first message", async () => {
  const origin = makeOrigin({ "greeting.txt": "hello\n", "server.sh": readFileSync(source, "utf8") });
  const model = await startModel([calls("shelf__add", { a: 2, b: 40 }), calls("report_stuck", { reason: "That was all." })]);
  const conductor = await startConductor({ [`/api/runs/${RUN}/events`]: { result: "accepted" } });
  const log: string[] = [];
  const output = temporary();
  const task = taskOf({ baseSha: origin.head, gateway: model.url });
  const mcpServers = { shelf: server("well", ["add"]), nowhere: { command: "no-such-program", args: [] } };
  await runTask({ ...task, character: { ...task.character, mcpServers } }, origin.workspace, output, {
    ...{ report: openReport(conductor.url, RUN, CAPABILITY), signal, now: () => new Date() },
    log: (line) => log.push(line),
  });
  const [first, second] = model.requests.map(({ body }) => JSON.stringify(body));
  const missing = "The tool server nowhere is not available";
  expect(first).toContain('"name":"shelf__add"');
  expect(first).toContain(missing);
  expect(second).toMatch(/"tool_result".*"42"/);
  expect(log.join("\n")).toContain(missing);
  expect(readFileSync(path.join(output, "transcript.jsonl"), "utf8")).toMatch(new RegExp(`"type":"servers".*${missing}`));
  await model.close();
  await conductor.close();
});
