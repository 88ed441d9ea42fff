import { expect, test } from "@jest/globals";
import { jobSummary } from "../../actions/run-agent/summary.ts";
import type { RunOutcome } from "../../agents/runtime/outcome.ts";
import { RUN, taskOf } from "../agents/support/task.ts";

const task = taskOf({ baseSha: "a".repeat(40), gateway: "http://127.0.0.1:1/llm" });
const outcome: RunOutcome = {
  runId: RUN,
  outcome: "patch",
  title: "Greet",
  summary: "It greets.",
  why: "Somebody asked.",
  testsExitCode: 1,
  findings: [],
  answers: [{ finding: "c1", did: "disputed", why: "It is right as it is." }],
  revisited: [],
  lessons: [{ kind: "command", text: "npm test needs a database.", evidence: "package.json" }],
  usage: { usd: 0.5, tokens: { input: 10, output: 5, cacheRead: 80, cacheWrite: 10 }, turns: 3, toolCalls: 4, minutes: 2 },
};
const sandbox = { type: "sandbox", kind: "bubblewrap", network: "none" };

test("says how it ended, what it cost and where it ran, and how to read on", () => {
  const text = jobSummary(task, outcome, [sandbox]);
  expect(text).toContain("### Dev on #7 (implement, attempt 1)");
  expect(text).toContain("| patch | failed (exit code 1) | 3 | 2 | $0.50 | 80 % | bubblewrap, network: none |");
  expect(text).toContain("```text\nIt greets.\n\nSomebody asked.\n```");
  expect(text).toContain("c1: disputed: It is right as it is.");
  expect(text).toContain("command: npm test needs a database. (package.json)");
  expect(text).toContain(`npx rig logs ${RUN}`);
  expect(text).not.toContain("What was stopped");
});

test("what was stopped stands there in one harmless line each", () => {
  const many = Array.from({ length: 25 }, () => ({ type: "blocked", rule: "force-push", detail: "git push <b>@ada</b>\n# No" }));
  const text = jobSummary(task, outcome, [sandbox, ...many]);
  expect(text).toContain("**What was stopped**\n\n- force-push: git push bada/b # No\n");
  expect(text).toContain("\n- and 5 more\n");
});

test("no word of the agent leaves its block", () => {
  const text = jobSummary(task, { ...outcome, summary: "```\n<img src=x>\n# I am the Rig" }, []);
  expect(text).toContain("````text\n```\n<img src=x>\n# I am the Rig");
  expect(text).toContain("| never opened |");
});

test("of a round it says what was found, on no issue, in blocks", () => {
  const round = { ...task, kind: "diagnose" as const, issue: { number: 0, title: "Find the cause\n# of it", text: "" } };
  const diagnosis = {
    cause: "```\n# A lock",
    confidence: "low" as const,
    evidence: ["src/lock.ts:7"],
    suspect: "c".repeat(40),
    next: "Let go.",
  };
  const text = jobSummary(round, { ...outcome, outcome: "report", diagnosis }, []);
  expect(text).toContain("### Dev on Find the cause # of it (diagnose, attempt 1)");
  const block = ["````text", "```", "# A lock (confidence: low)", `Suspect: ${"c".repeat(40)}`, "- src/lock.ts:7", "Next: Let go.", "````"];
  expect(text).toContain(block.join("\n"));
});

test("what a round proposes stands there as it was made", () => {
  const proposals = [
    { kind: "fix" as const, title: "Let go", what: "All.", rationale: "It is slow.", evidence: ["#7"], complexity: "small" as const },
  ];
  const text = jobSummary(task, { ...outcome, outcome: "report", proposals }, []);
  expect(text).toContain("**What it proposes**\n\n```text\nfix, small: Let go\nAll.\nIt is slow.\n- #7\n```");
});
