import { expect, test } from "@jest/globals";
import { withLogs } from "../../app/door/runs/check-logs.ts";
import type { Desk } from "../../app/door/runs/desk.ts";
import type { RunRequest } from "../../app/door/runs/task.ts";
import { subjectOf } from "./stand.ts";

type Failures = NonNullable<Desk["failures"]>;

const findings = [
  { by: "test", text: "2 of 9 failed\nhttps://ci.example/1" },
  { by: "The Rig", text: "main itself fails lint: leave that alone." },
];
const request = { kind: "fix-ci", baseSha: "a".repeat(40), findings } as unknown as RunRequest;

/** What a task tells, where GitHub answers so. */
async function told(failures: Failures | undefined, kind = "fix-ci") {
  const warned: unknown[] = [];
  const log = { warn: (...said: unknown[]) => warned.push(said) } as unknown as Desk["log"];
  const desk = { log, ...(failures ? { failures } : {}) } as Desk;
  return { findings: await withLogs(desk, subjectOf(12), { ...request, kind } as RunRequest), warned };
}

test("a failed check is told with its log, and its annotations at their places", async () => {
  const asked: unknown[] = [];
  const { findings: all } = await told(async (subject, headSha, checks) => {
    asked.push([subject.number, headSha, checks]);
    return [{ name: "test", text: "not ok 3", annotations: [{ path: "src/a.ts", line: 3, text: "It is no number." }] }];
  });
  expect(asked).toEqual([[12, request.baseSha, ["test", "The Rig"]]]);
  expect(all).toEqual([
    { by: "test", text: "2 of 9 failed\nhttps://ci.example/1\n\nnot ok 3" },
    { by: "test", path: "src/a.ts", line: 3, text: "It is no number." },
    findings[1],
  ]);
});

test("where GitHub says nothing, the run still gets what is known, and is told so", async () => {
  const { findings: all, warned } = await told(async () => {
    throw new Error("502");
  });
  expect(all[0]?.text).toMatch(/2 of 9 failed[\s\S]*Its log could not be read\./);
  expect(warned).toHaveLength(1);
});

test("other kinds of work read no logs", async () => {
  const never: Failures = () => Promise.reject(new Error("Nobody was to ask."));
  expect((await told(never, "answer-review")).findings).toEqual(findings);
});
