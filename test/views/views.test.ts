import { expect, test } from "@jest/globals";
import type { PlannedCommand } from "../../app/domain/commands.ts";
import { RunId } from "../../app/domain/ids.ts";
import type { SeenPullRequest } from "../../app/domain/seen.ts";
import { evaluationOf } from "../../app/rules/evaluation.ts";
import { differences } from "../../app/views/index.ts";
import { stateLabels } from "../../app/views/state-label.ts";
import { marker } from "../../app/views/status-comment.ts";
import {
  approved,
  at,
  folded,
  type History,
  migration,
  raising,
  review,
  said,
  scene,
  seenIssue,
  seenPr,
  sha,
  toOpen,
  toReviewed,
} from "../rules/stage.ts";

const pictureOf = (history: History, why = "Something moves it.", seen = seenPr()) => {
  const here = scene({ history });
  const { subject, policy } = here;
  return {
    evaluation: evaluationOf(here, seen),
    subject,
    issue: folded(history),
    policy,
    seen: { issue: seenIssue, defaultBranch: { name: "main", sha: sha("0") }, pullRequest: seen },
    why,
    cto: [],
    publicUrl: "https://rig.example",
  };
};
const drawn = (history: History, effects: Parameters<typeof differences>[1] = []) => differences(pictureOf(history), effects, at(60));
const surfaceOf = (command: PlannedCommand) => (command.kind === "SHOW" ? command.data.rendering.surface : "none");
const asTold = (commands: readonly PlannedCommand[]) =>
  commands.map((command) => ({ key: command.key, kind: command.kind, state: "confirmed" as const, data: command.data, response: {} }));

test("of an issue nobody handed over nothing is shown", () => {
  expect(drawn([]).map(surfaceOf)).toEqual([]);
});

test("an open pull request is shown everywhere", () => {
  expect(drawn(toOpen).map(surfaceOf)).toEqual(["issue-comment", "pr-comment", "labels", "gates-check", "discord-card"]);
});

test("what a surface was told last is not told again, and a change is", () => {
  const first = drawn(toOpen);
  expect(drawn(toOpen, asTold(first))).toEqual([]);
  const next = drawn(toReviewed, asTold(first));
  expect(next.map(surfaceOf)).toContain("issue-comment");
  expect(next.every(({ key }) => !first.some((earlier) => earlier.key === key))).toBe(true);
});

test("going back to an earlier picture is an effect of its own", () => {
  const first = drawn([[0, approved]]);
  const second = drawn(toOpen, asTold(first));
  const third = drawn([[0, approved]], asTold(second));
  const keys = [...first, ...second, ...third].map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(third.length).toBeGreaterThan(0);
});

test("the status comment begins with its marker, the state and the why sentence", () => {
  const [comment] = drawn(toOpen);
  const body = comment?.kind === "SHOW" && "body" in comment.data.rendering ? comment.data.rendering.body : "";
  expect(body.startsWith(`${marker("acme/shop#12")}\n\n**in review** — Something moves it.`)).toBe(true);
  expect(body).toContain("| dev-e-1 | 1 | `rig/12-round-prices-half-up-1` | #7 | running |");
});

const finishedData = {
  runId: RunId.parse("00000000-0000-4000-8000-000000000001"),
  outcome: "patch" as const,
  usd: 0,
  tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
  turns: 1,
  minutes: 1,
};

test("what the model said appears only in a labelled, fenced and capped block", () => {
  const history: History = [
    ...toOpen.slice(0, 4),
    [10, said("RUN_FINISHED", { ...finishedData, summary: `@maria Closes #1 <b>\n\`\`\`\n${"x".repeat(3000)}` })],
  ];
  const [comment] = drawn(history);
  const body = comment?.kind === "SHOW" && "body" in comment.data.rendering ? comment.data.rendering.body : "";
  const [outside = "", block = ""] = body.split("<details>");
  expect(outside).not.toContain("maria Closes");
  expect(block).toMatch(/not checked by anyone[\s\S]*\n````text\n@maria/);
  expect(body.length).toBeLessThan(60_000);
});

test("exactly one state label is wanted, of the known ones", () => {
  const label = drawn(toOpen).find((command) => surfaceOf(command) === "labels");
  expect(label?.data).toMatchObject({ rendering: { add: "rig:in-review", family: stateLabels.join(",") } });
});

const gate = raising(seenPr({ changes: migration }), "schema");
const maria = { by: "maria", byId: 30, byType: "User", canWrite: true, submittedAt: at(13) };
const checkOf = (history: History, more: Partial<SeenPullRequest>) => {
  const shown = differences(pictureOf(history, undefined, seenPr(more)), [], at(60)).find(
    (command) => surfaceOf(command) === "gates-check",
  );
  return shown?.kind === "SHOW" && "check" in shown.data.rendering ? shown.data.rendering.check : undefined;
};

test.each([
  ["success", toOpen, {}],
  ["action_required", [...toOpen, [12, gate]], { changes: migration }],
  [
    "failure",
    [...toOpen, [12, gate]],
    { changes: migration, owners: { text: "* @maria", errors: [{ line: 1, message: "Unknown owner" }] } },
  ],
  ["failure", toOpen, { siblings: [8] }],
  ["failure", toOpen, { changes: { complete: false, files: [] } }],
  ["success", [...toOpen, [12, gate]], { changes: migration, reviews: [review(maria)] }],
] as const)("R12c: rig/gates concludes %s, never neutral or skipped", (conclusion, history, more) => {
  expect(checkOf(history as History, more)).toMatchObject({ name: "rig/gates", status: "completed", conclusion, headSha: sha("a") });
});

test("below a person's pull request nothing stands that nobody asked for, and what Review-E found does", () => {
  const head = { prNumber: seenPr().number, headSha: sha("a") };
  const page = { prUrl: "https://github.example/acme/shop/pull/7", branch: "change", base: "main", title: "Change it", by: "jonas" };
  const watched: History = [[0, said("PR_WATCHED", { ...head, ...page })]];
  const comment = (history: History, more: Partial<SeenPullRequest> = {}) =>
    differences(pictureOf(history, "review-e[bot] has read it.", seenPr(more)), [], at(60)).find((one) => surfaceOf(one) === "pr-comment");
  const act = { id: "1", by: "jonas", byId: 20, at: at(1) };
  expect(comment(watched)).toBeUndefined();
  expect(comment(watched, { reviewLabel: { ...act, verdict: "refused" } })).toBeUndefined();
  expect(comment(watched, { fork: true, reviewLabel: { ...act, verdict: "admitted" } })).toBeDefined();
  const asked = JSON.stringify(comment([...watched, [2, said("REVIEW_REQUESTED", { ...head, iteration: 1 })]]));
  expect(asked).toContain("has read it.");
  expect(asked).not.toContain("opens a gate");
});
