import { expect, test } from "@jest/globals";
import { audit } from "../../app/audit/audit.ts";
import { codes } from "../../app/audit/codes.ts";
import type { Facts } from "../../app/audit/facts.ts";

const id = "6b1f3f0a-52b6-4a53-9d6e-0d9f5c1b7a11";
const at = "2026-11-22T09:00:00.000Z";

interface Change {
  readonly run?: Partial<Facts["run"]>;
  readonly finished?: object;
  readonly events?: readonly { readonly type: string; readonly data: object }[];
  readonly notes?: readonly object[];
}

const toolUse = (name: string, input: object) => ({ type: "tool_use", id: "1", name, input });
const assistant = (...content: object[]) => ({ type: "assistant", content });
const task = { type: "task", limits: { usd: 1, turns: 20, minutes: 5 } };
const end = { type: "end", outcome: "patch", title: "Greet", summary: "It greets." };

/** A run that went well, with what a case changes. */
function factsOf({ run = {}, finished = {}, events = [], notes = [task, end] }: Change = {}): Facts {
  const report = { runId: id, outcome: "patch", testsExitCode: 0, ...finished };
  return {
    run: {
      ...{ id, issue: "octo/tea#1", agent: "dev-e", agentId: "dev-e-1", kind: "implement", startedAt: at, finishedAt: at },
      ...{ outcome: "patch", fenced: false, tokens: { input: 10, output: 10, cacheRead: 100, cacheWrite: 10 }, usd: 0.1 },
      ...run,
    },
    events: [...events, { type: "RUN_FINISHED", data: report }].map(({ type, data }) => ({ type, data: { ...data }, timestamp: at })),
    notes: notes.map((note, index) => ({ type: "?", ...note, nth: index + 1 })),
  };
}

const twelveTurns = Array.from({ length: 12 }, () => assistant());
const failing = Array.from({ length: 6 }, () => ({ type: "tool", name: "bash", isError: true }));

const hits: readonly [code: string, change: Change][] = [
  ["A101", { events: [{ type: "GUARD_BLOCKED", data: { runId: id, rule: "protected-path", detail: "It touches CODEOWNERS." } }] }],
  ["A102", { notes: [task, { type: "sandbox", kind: "none (unconfined)" }, end] }],
  ["A103", { notes: [task, assistant(toolUse("bash", { script: "cat /proc/1/environ" })), end] }],
  ["A103", { notes: [task, assistant(toolUse("bash", { script: "ls; env" })), end] }],
  ["A103", { notes: [task, assistant(toolUse("bash", { script: "env | sort" })), end] }],
  ["A104", { notes: [task, { type: "tool", name: "bash", text: "token ***", isError: false }, end] }],
  ["A201", { finished: { testsExitCode: 1 } }],
  ["A202", { finished: { testsExitCode: undefined } }],
  ["A203", { finished: { testsExitCode: 2 }, notes: [task, { ...end, tested: "All tests pass." }] }],
  ["A301", { run: { outcome: "stuck" }, finished: { outcome: "stuck", testsExitCode: undefined, summary: "No compiler." } }],
  ["A302", { run: { finishedAt: null, fenced: true } }],
  ["A303", { notes: [task, ...failing, end] }],
  ["A401", { run: { usd: 0.9 } }],
  ["A401", { notes: [task, ...Array.from({ length: 17 }, () => assistant()), end] }],
  ["A402", { run: { tokens: { input: 900, output: 1, cacheRead: 10, cacheWrite: 0 } }, notes: [task, ...twelveTurns, end] }],
  ["A501", { run: { fenced: true } }],
  ["A502", { notes: [] }],
  ["A502", { notes: [task] }],
];

test.each(hits)("%s is found", (code, change) => {
  expect(audit(factsOf(change)).map((found) => found.code)).toContain(code);
});

test("every code is found by a case, and no two codes are alike", () => {
  expect(new Set(hits.map(([code]) => code))).toEqual(new Set(codes.map(({ code }) => code)));
  expect(new Set(codes.map(({ code }) => code)).size).toBe(codes.length);
});

test.each<[string, Change]>([
  ["a run that went well", {}],
  [
    "words about the environment",
    { notes: [task, assistant(toolUse("bash", { script: "grep -r environment docs; cat .env.example" })), end] },
  ],
  ["a claim that holds", { notes: [task, { ...end, tested: "All tests pass." }] }],
  ["somebody else's blocked change", { events: [{ type: "GUARD_BLOCKED", data: { runId: "another", rule: "secret", detail: "x" } }] }],
  ["a short run without cache", { run: { tokens: { input: 900, output: 1, cacheRead: 0, cacheWrite: 0 } } }],
  ["a run that nobody has begun", { run: { startedAt: null, finishedAt: null, outcome: null }, notes: [] }],
])("%s is no finding", (_, change) => {
  expect(audit(factsOf(change))).toEqual([]);
});

test("the gravest stands first", () => {
  const found = audit(factsOf({ run: { usd: 0.9 }, finished: { testsExitCode: 1 }, notes: [task, { ...end, tested: "tests passed" }] }));
  expect(found.map(({ severity }) => severity)).toEqual(["error", "warning", "notice"]);
});
