/** With the real package: `npm run engine:claude-code` installs it and runs this. The model is a stand-in, all else is real. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, jest, test } from "@jest/globals";
import { z } from "zod";
import { claudeCode } from "../../../agents/runtime/engines/claude-code.ts";
import { openSandbox } from "../../../agents/runtime/sandbox/sandbox.ts";
import { openShell } from "../../../agents/runtime/shell.ts";
import { jobOf } from "../support/engine.ts";
import { calls as callsOf, type ScriptedModel, startModel, type Turn } from "../support/model.ts";
import { temporary, write } from "../support/repository.ts";
import { CAPABILITY } from "../support/task.ts";

jest.setTimeout(60_000);
const canary = "CANARY-nobody-may-read-this";
const calls = (name: string, input: object): Turn => callsOf(`mcp__rig__${name}`, input);
const together = (...turns: readonly Turn[]): Turn => ({
  calls: turns.flatMap((turn) => (typeof turn === "object" && "calls" in turn ? turn.calls : [])),
});
const finish = calls("finish", { title: "Greet", summary: "It greets." });
/** It may try again. */
const always = (turn: Turn): Turn[] => Array(20).fill(turn);
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

type More = Parameters<typeof jobOf>[2];

/** A run of the engine with this script: how it ended, what it noted, and what the model heard. */
async function run(turns: readonly Turn[], more: More = {}, files: Readonly<Record<string, string>> = {}) {
  const model = await startModel(turns);
  closing.push(model.close);
  const workspace = temporary();
  write(workspace, files);
  const sandbox = await openSandbox({ workspace });
  const shell = openShell(sandbox);
  closing.push(sandbox.close, shell.close);
  const { toolbox, ...rest } = more;
  const made = jobOf(model.url, sandbox, { ...rest, toolbox: { workspace, shell, ...toolbox } });
  return { ...made, workspace, model, end: await claudeCode(made.job) };
}

const bodies = ({ requests }: ScriptedModel) => JSON.stringify(requests.map(({ body }) => body));
const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith("rig-claude-code-"));

test("it works with our tools, in our sandbox, as the run's own caller, and leaves the notes of every run", async () => {
  const before = left();
  const script = "echo hello > greeting.txt; env";
  const { end, notes, progress, workspace, model } = await run([
    calls("bash", { script }),
    calls("read", { path: "greeting.txt" }),
    finish,
  ]);
  expect(end).toMatchObject({ outcome: "patch", title: "Greet", summary: "It greets." });
  expect(readFileSync(path.join(workspace, "greeting.txt"), "utf8")).toBe("hello\n");
  expect(model.requests.map(({ authorization, apiKey }) => [authorization, apiKey])).toEqual(
    Array(3).fill([`Bearer ${CAPABILITY}`, undefined]),
  );
  expect(bodies(model)).not.toContain(CAPABILITY);
  expect(notes.map(({ type }) => type)).toEqual(["user", "assistant", "tool", "assistant", "tool", "assistant"].slice(0, notes.length));
  expect(notes.filter(({ type }) => type === "tool").map(({ name, isError }) => [name, isError])).toEqual([
    ["bash", false],
    ["read", false],
  ]);
  expect(progress()).toMatchObject({ turns: 3, toolCalls: 3, tokens: { input: 3_000, output: 300 } });
  expect(progress().usd).toBeCloseTo(3 * 0.0015, 6);
  expect(left()).toEqual(before);
});

test("the model is offered our tools alone, and its own do nothing", async () => {
  const owned = path.join(temporary(), "owned");
  const own = {
    calls: [
      { name: "Bash", input: { command: `touch ${owned}` } },
      { name: "Write", input: { file_path: owned, content: "x" } },
    ],
  };
  const { end, model, job } = await run([
    own,
    { calls: [{ name: "Task", input: { prompt: "x", description: "y", subagent_type: "z" } }] },
    finish,
  ]);
  expect(end.outcome).toBe("patch");
  expect(existsSync(owned)).toBe(false);
  const Body = z.object({ tools: z.array(z.object({ name: z.string() })), max_tokens: z.number(), model: z.string() });
  const body = Body.parse(model.requests[0]?.body);
  expect(body.tools.map(({ name }) => name)).toEqual(
    Object.keys(job.tools)
      .map((name) => `mcp__rig__${name}`)
      .toSorted(),
  );
  expect([body.model, body.max_tokens]).toEqual([job.task.character.llm.model, job.task.character.llm.maxTokens]);
});

test("nothing of the repository or of a home is read or run", async () => {
  const owned = path.join(temporary(), "owned");
  const hook = [{ hooks: [{ type: "command", command: `touch ${owned}` }] }];
  const files = {
    "CLAUDE.md": canary,
    "AGENTS.md": canary,
    ".claude/settings.json": JSON.stringify({
      hooks: { SessionStart: hook, UserPromptSubmit: hook, PreToolUse: hook },
      env: { A: canary },
    }),
    ".claude/skills/s/SKILL.md": `---\nname: s\ndescription: ${canary}\n---\n`,
    ".mcp.json": JSON.stringify({ mcpServers: { evil: { command: "touch", args: [owned] } } }),
    "secret.txt": canary,
  };
  const firstMessage = "/init @secret.txt @./CLAUDE.md";
  const { model, end } = await run([calls("bash", { script: "true" }), finish], { firstMessage }, files);
  expect(end.outcome).toBe("patch");
  expect(bodies(model)).toContain(firstMessage);
  expect(bodies(model)).not.toContain(canary);
  expect(existsSync(owned)).toBe(false);
});

test.each<[string, readonly Turn[], More, object]>([
  [
    "that only talks is stuck",
    [{ says: "a" }, { says: "b" }, { says: "c" }],
    {},
    { outcome: "stuck", summary: "It only talked and used no tool." },
  ],
  [
    "that does the same three times is stuck",
    Array(4).fill(calls("read", { path: "a" })),
    {},
    { outcome: "stuck", summary: "It called read 3 times in a row with the same input." },
  ],
  [
    "that changes nothing is stuck",
    [1, 2, 3, 4].map((n) => calls("read", { path: `${n}` })),
    { treeSha: () => "same", idleTurns: 2 },
    { outcome: "stuck", summary: "In 2 turns it changed no file and ran no test." },
  ],
  [
    "has its turns",
    [1, 2, 3].map((n) => calls("read", { path: `${n}` })),
    { limits: { turns: 2, usd: 1 }, task: { limits: { turns: 2, minutes: 1, usd: 1 } } },
    { outcome: "limit_reached", summary: expect.stringContaining("turns") },
  ],
  [
    "has its dollars",
    [1, 2, 3].map((n) => calls("read", { path: `${n}` })),
    { limits: { turns: 9, usd: 0.002 } },
    { outcome: "limit_reached", summary: "It used $0.00 of its $0.002." },
  ],
  [
    "whose tools say too much has reached a limit",
    [calls("bash", { script: "seq 9999" }), finish],
    { mostOutput: 999 },
    { outcome: "limit_reached" },
  ],
  [
    "whose own budget is spent says so",
    always({ status: 402, message: "The budget of the run is spent: $5 of $5." }),
    {},
    { outcome: "limit_reached" },
  ],
  [
    "whose issue's budget is spent keeps its work",
    always({ status: 402, message: "The budget of the issue is spent: $5 of $5." }),
    {},
    { outcome: "limit_reached", keep: "budget" },
  ],
  ["that was replaced stops", always({ status: 409, message: "It is superseded." }), {}, { outcome: "blocked" }],
  [
    "refused by the provider fails with its words",
    always({ status: 400, message: "No such thing." }),
    {},
    { outcome: "failed", summary: expect.stringContaining("No such thing.") },
  ],
  ["says that it is stuck itself", [calls("report_stuck", { reason: "No key." })], {}, { outcome: "stuck", summary: "No key." }],
])("an agent %s", async (_, turns, more, ending) => {
  expect((await run(turns, more)).end).toMatchObject(ending);
});

test("an end in one breath with something that failed is none", async () => {
  const { end, model } = await run([together(calls("read", { path: "nothing" }), finish), finish]);
  expect(end.outcome).toBe("patch");
  expect(model.requests).toHaveLength(2);
  expect(bodies(model)).toContain("did not end the run");
});

test("a run that is asked to stop lets its command end, asks nothing more and begins nothing", async () => {
  const asked = new AbortController();
  const turns = [
    together(
      calls("bash", { script: "touch begun; while [ ! -e go ]; do sleep 0.05; done; touch ended" }),
      calls("bash", { script: "touch more" }),
    ),
    finish,
  ];
  const workspace = temporary();
  const model = await startModel(turns);
  const sandbox = await openSandbox({ workspace });
  const shell = openShell(sandbox);
  closing.push(model.close, sandbox.close, shell.close);
  const { job } = jobOf(model.url, sandbox, { asked: asked.signal, toolbox: { workspace, shell } });
  const ending = claudeCode(job);
  const is = (name: string) => existsSync(path.join(workspace, name));
  while (!is("begun")) await new Promise((resolve) => setTimeout(resolve, 20));
  asked.abort("asked");
  write(workspace, { go: "" });
  expect(await ending).toMatchObject({ outcome: "blocked", keep: "asked" });
  expect([is("ended"), is("more"), model.requests.length]).toEqual([true, false, 1]);
});

test("a run that is fenced ends at once, its command too", async () => {
  const hard = new AbortController();
  const workspace = temporary();
  const model = await startModel([calls("bash", { script: "touch begun; sleep 100; touch ended" }), finish]);
  const sandbox = await openSandbox({ workspace });
  const shell = openShell(sandbox);
  closing.push(model.close, sandbox.close, shell.close);
  const { job } = jobOf(model.url, sandbox, { toolbox: { workspace, shell, signal: hard.signal } });
  const ending = claudeCode(job);
  while (!existsSync(path.join(workspace, "begun"))) await new Promise((resolve) => setTimeout(resolve, 20));
  const since = performance.now();
  hard.abort("fenced");
  expect(await ending).toMatchObject({ outcome: "blocked", summary: "The Conductor gave the work to another run." });
  expect(performance.now() - since).toBeLessThan(10_000);
  expect(model.requests).toHaveLength(1);
});
