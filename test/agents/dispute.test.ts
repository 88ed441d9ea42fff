import { expect, test } from "@jest/globals";
import type { RunOutcome } from "../../agents/runtime/outcome.ts";
import { type Report, tellEnd } from "../../agents/runtime/report.ts";
import { RUN, taskOf } from "./support/task.ts";

const head = "c".repeat(40);
const task = taskOf({ kind: "answer-review", baseSha: head, gateway: "http://127.0.0.1:9", pullRequest: { number: 5, headSha: head } });
const outcome: RunOutcome = {
  ...{ runId: RUN, outcome: "nothing_to_do", title: "Leave it", summary: "It is what the issue asks for." },
  answers: [
    { finding: "c1", did: "disputed", why: "The issue says half up." },
    { finding: "c2", did: "changed", why: "There is a test now." },
  ],
  ...{ findings: [], revisited: [], lessons: [] },
  usage: { usd: 0.1, tokens: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 }, turns: 1, toolCalls: 1, minutes: 1 },
};

async function told(more: Partial<RunOutcome>) {
  const events: { readonly type: string; readonly data: Readonly<Record<string, unknown>> }[] = [];
  const report: Report = {
    event: async (type, data) => {
      events.push({ type, data });
      return {};
    },
    checkpoint: async () => undefined,
    transcript: async () => 0,
  };
  await tellEnd(report, task, { ...outcome, ...more });
  return events;
}

test("what an author objects to is told before the end of its run, with its reasons, and what it changed is not", async () => {
  const [first, second] = await told({});
  expect(first).toEqual({
    type: "REVIEW_DISPUTED",
    data: {
      ...{ prNumber: 5, headSha: head, by: "dev-e-1", why: "It is what the issue asks for.", runId: RUN },
      findings: [{ id: "c1", why: "The issue says half up." }],
    },
  });
  expect(second?.type).toBe("RUN_FINISHED");
});

test.each<[string, Partial<RunOutcome>]>([
  ["objects to nothing", { answers: outcome.answers.slice(1) }],
  ["did not come to its end", { outcome: "limit_reached" }],
])("a run that %s disputes nothing", async (_, more) => {
  expect((await told(more)).map(({ type }) => type)).toEqual(["RUN_FINISHED"]);
});
