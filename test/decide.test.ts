import { expect, test } from "@jest/globals";
import { decide } from "../app/decide.ts";
import type { Policy } from "../app/domain/policy.ts";
import { approved, assigned, type History, person, said, scene, seenIssue, seenPr, toOpen } from "./rules/stage.ts";

const URL = "https://rig.example";
const kinds = (...args: Parameters<typeof decide>) => {
  const decision = decide(...args);
  if ("refused" in decision) throw new Error(decision.refused);
  return decision.commands.map(({ kind }) => kind);
};
const asked = said("COMMAND_RECEIVED", {
  verb: "why",
  args: "",
  by: "jonas",
  verdict: "accepted",
  commentId: 5,
  on: 12,
  reply: "Because.",
});

test.each<[Policy["mode"], readonly string[]]>([
  ["active", ["REACT", "COMMENT"]],
  ["observe", ["REACT", "COMMENT"]],
  ["staged", ["REACT", "COMMENT"]],
  ["disabled", []],
])("in mode %s people are answered with %j", (mode, wanted) => {
  const stage = scene({ history: [[0, approved]], policy: { mode } });
  expect(kinds(stage, [asked], URL).filter((kind) => kind !== "SHOW")).toEqual(wanted);
});

test("R14: where the Rig only observes, nothing is set in motion", () => {
  const history: History = [
    [0, approved],
    [1, assigned],
  ];
  expect(kinds(scene({ history }), [], URL)).toContain("DISPATCH_RUN");
  expect(kinds(scene({ history, policy: { mode: "observe" } }), [], URL).filter((kind) => kind !== "SHOW")).toEqual([]);
});

const titleOf = (stage: ReturnType<typeof scene>): string => {
  const decision = decide(stage, [], URL);
  if ("refused" in decision) throw new Error(decision.refused);
  return decision.commands.flatMap((command) =>
    command.kind === "SHOW" && command.data.rendering.surface === "gates-check" ? [command.data.rendering.check.title] : [],
  )[0] as string;
};

test("an escalation is said in the check in the words that the issue and Discord have", () => {
  const escalated = said("ESCALATED", { level: "cto", about: "bound", reason: "The limit is reached.", attempts: 1, options: ["retry"] });
  const history: History = [...toOpen, [12, escalated]];
  const seen = { issue: { ...seenIssue, trigger: person }, pullRequest: seenPr() };
  expect(titleOf(scene({ history, minute: 13, seen }))).toBe(
    "A person has to decide. The limit is reached. Nobody has acknowledged it yet. No gate is raised.",
  );
  expect(titleOf(scene({ history: toOpen, minute: 11, seen }))).not.toContain("has to decide");
});

test("when nobody answers, whoever the repository names is called on the issue too", () => {
  const told = (level: "cto" | "everyone") => {
    const data = { level, about: "bound" as const, reason: "r", attempts: 1, options: [] };
    const decision = decide(
      scene({ history: [[0, approved]], policy: { notify: { jonas: "1", everyone: "2" } } }),
      [said("ESCALATED", data)],
      URL,
    );
    if ("refused" in decision) throw new Error(decision.refused);
    return decision.commands.flatMap((command) => (command.kind === "COMMENT" ? [command.data.body.split(" A person")[0]] : []));
  };
  expect(told("cto")).toEqual(["@maria"]);
  expect(told("everyone")).toEqual(["@maria @jonas"]);
});

test("a budget that is nearly spent is told in #admin, and calls nobody", () => {
  const warned = said("BUDGET_WARNED", { scope: "issue", unit: "usd", limit: 10, spent: 8 });
  const decision = decide(scene({ history: [[0, approved]] }), [warned], URL);
  if ("refused" in decision) throw new Error(decision.refused);
  expect(decision.commands.find(({ kind }) => kind === "NOTIFY")).toMatchObject({
    data: { channel: "admin", about: "budget:issue", message: { description: expect.stringContaining("$8.00 of $10.00"), mentions: [] } },
  });
});
