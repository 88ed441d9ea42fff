import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { RunId } from "../../app/domain/ids.ts";
import { createWeb } from "../../app/web/web.ts";
import { agentOf, askForRun, type Stand, startStand, subjectOf } from "../door/stand.ts";
import { begin, rig } from "./rig.ts";

let stand: Stand;
let web: ReturnType<typeof createWeb>;
let env: Readonly<Record<string, string>>;
let run: RunId;

const unused = () => Promise.reject(new Error("Nobody asks for that here."));
const tokens = { input: 10, output: 10, cacheRead: 100, cacheWrite: 10 };

beforeAll(async () => {
  stand = await startStand({
    more: (store) => {
      web = createWeb({
        ...{ store, tokens: [], githubUrl: "https://github.example", paused: false, now: () => new Date() },
        ...{ speak: unused, backtest: unused },
      });
      return [web.routes];
    },
  });
  env = { RIG_URL: stand.url };
  run = await askForRun(stand, 1);
});
afterAll(async () => {
  await web.close();
  await stand.close();
});

const say = (from: number, ...notes: object[]) =>
  stand.store.appendTranscript(
    run,
    from,
    notes.map((note) => JSON.stringify({ at: "2026-11-22T09:00:00.000Z", ...note })),
  );

test("a run that has said nothing has no log, which is a finding", async () => {
  const { code, out } = await rig(env, "logs", run);
  expect({ code, out }).toEqual({ code: 1, out: `The run ${run} has no transcript here.\n` });
});

test("logs tell what was said and done, a line each, and no text in them can command the terminal", async () => {
  const content = [
    { type: "text", text: "I look." },
    { type: "tool_use", id: "1", name: "read", input: { path: "a\u202e.txt" } },
  ];
  await say(
    0,
    { type: "user", text: "Do it.\nNow." },
    { type: "assistant", content },
    { type: "tool", name: "read", text: "\u001b[31mred" },
  );
  const { code, out } = await rig(env, "logs", run);
  expect(code).toBe(0);
  expect(out.split("\n").slice(0, 3)).toEqual([
    "2026-11-22 09:00:00  user        Do it. Now.",
    '2026-11-22 09:00:00  assistant   I look. → read {"path":"a\\u202e.txt"}',
    "2026-11-22 09:00:00  tool        read: [31mred",
  ]);
  const json = JSON.parse((await rig(env, "logs", run, "--json")).out);
  expect(json).toMatchObject([{ nth: 1 }, { nth: 2, content }, { nth: 3, text: "\u001b[31mred" }]);
});

test("logs --follow goes on until the run is over, and an audit of it names what a person should know", async () => {
  const following = begin(env, "logs", run, "--follow");
  const lines = createInterface({ input: following.stdout })[Symbol.asyncIterator]();
  const until = async (word: string) => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done || value.includes(word)) return value;
    }
  };
  expect(await until("read: ")).toContain("read: ");
  await say(3, { type: "end", summary: "All tests pass.", outcome: "patch" });
  const blocked = { runId: run, rule: "protected-path", detail: "It touches CODEOWNERS." };
  const own = { agentId: agentOf(1), runId: run };
  await stand.history.record(
    subjectOf(1),
    [
      { type: "WORK_STARTED", data: { ...own, workflowRunUrl: "https://github.example/1" } },
      { type: "GUARD_BLOCKED", data: blocked },
      { type: "RUN_FINISHED", data: { runId: run, outcome: "patch", usd: 0.1, tokens, turns: 2, minutes: 1, testsExitCode: 1 } },
    ],
    "test",
  );
  expect(await until("All tests pass.")).toContain("end");
  expect((await once(following, "close"))[0]).toBe(0);

  const found = await rig(env, "audit", run, "--json");
  expect(found.code).toBe(1);
  expect(JSON.parse(found.out).findings.map((one: { code: string }) => one.code)).toEqual(["A203", "A101", "A201"]);
  expect((await rig(env, "audit", run)).out).toContain(
    "A101 warning: A rule stopped something that the run tried.\n  protected-path: It touches CODEOWNERS.\n",
  );
});

test.each(["logs", "audit"])("%s of what is no run, or of an unknown one, says so", async (verb) => {
  const wrong = await rig(env, verb, "yesterday");
  expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining("yesterday is not a run's id") });
  const unknown = await rig(env, verb, "00000000-0000-4000-8000-000000000000");
  expect(unknown.code).not.toBe(0);
  expect(unknown.err).toContain("There is no run 00000000-0000-4000-8000-000000000000");
});
