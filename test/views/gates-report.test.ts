import { expect, test } from "@jest/globals";
import { evaluate } from "../../app/gates/evaluate.ts";
import { gatesReport } from "../../app/views/gates-report.ts";
import { file, review, seenPr } from "../rules/stage.ts";

const standing = { settings: {}, ours: [900], openedAt: {}, faults: [] };
const reportOf = (more: Parameters<typeof seenPr>[0], faults: readonly string[] = []) =>
  gatesReport(evaluate(seenPr(more), { ...standing, faults }), { why: "It merges." });
const migrations = (count: number) => ({
  complete: true,
  files: Array.from({ length: count }, (_, nth) => file(`db/migrations/${nth}_@everyone.sql`, "alter table orders add column note text;")),
});

test("a quiet head says so, with the sentence of every other surface, and lists every gate", () => {
  const { conclusion, title, summary, text, annotations } = reportOf({});
  expect([conclusion, title, annotations]).toEqual(["success", "No gate is raised. It merges.", []]);
  for (const name of ["auth", "payments", "schema", "deletion", "dependencies", "rules"]) {
    expect(summary).toContain(`| ${name} | not raised |`);
    expect(text).toContain(`### ${name}: not raised`);
  }
});

test("the text tells each review and why it does not count", () => {
  const jonas = review({ id: 3, by: "jonas", byId: 20, byType: "User", canWrite: true });
  const { conclusion, text } = reportOf({ changes: migrations(1), reviews: [review(), jonas] });
  expect(conclusion).toBe("action_required");
  expect(text).toContain("✘ jonas approved: owns none of the paths that raised it");
  expect(text).toContain(
    "✘ review-e&#91;bot&#93; approved: an account of the Rig never counts".replace(
      "an account of the Rig never counts",
      "only people count",
    ),
  );
  expect(text).toContain("- so it waits: no code owner has approved this head");
});

test("a fault fails the check and is its first sentence", () => {
  expect(reportOf({}, ["main may be force-pushed."])).toMatchObject({ conclusion: "failure", title: "main may be force-pushed." });
});

test("names of files mention nobody, and a thousand reasons fit into what GitHub takes", () => {
  const { summary, text, title, annotations } = reportOf({ changes: migrations(1_000) });
  expect(`${summary}${text}`).not.toContain("@everyone");
  expect([title.length <= 250, annotations.length <= 50]).toEqual([true, true]);
  expect(text.length).toBeLessThan(60_000);
  expect(text).toMatch(/and \d+ more/);
});

test("remarks stand on lines of the head only", () => {
  const gone = file("db/migrations/9.sql", "", { mode: "100644" });
  const { head: _, ...without } = gone;
  const removed = { ...without, base: "drop table orders;", removed: [{ line: 1, text: "drop table orders;" }], added: [] };
  const { annotations } = reportOf({ changes: { complete: true, files: [removed] } });
  expect(annotations.filter(({ line }) => line < 1)).toEqual([]);
});
