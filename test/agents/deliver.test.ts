import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { openReport } from "../../agents/runtime/report.ts";
import { runTask } from "../../agents/runtime/run.ts";
import type { Task } from "../../agents/runtime/task.ts";
import { startConductor } from "./support/conductor.ts";
import { calls, startModel, type Turn } from "./support/model.ts";
import { makeOrigin, sh, temporary } from "./support/repository.ts";
import { CAPABILITY, RUN, taskOf } from "./support/task.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** What the runner gave the job alone. */
const OIDC = "eyJZk3vQ8sYt1LwPq7RmXe2Ua9BdCfGhJ4nOpQr";

async function run(turns: readonly Turn[], more: Partial<Task> = {}) {
  const origin = makeOrigin({ "AGENTS.md": "Greet in lower case.\n", "greeting.txt": "goodbye\n" });
  const model = await startModel(turns);
  const conductor = await startConductor({ [`/api/runs/${RUN}/events`]: { result: "accepted" } });
  closing.push(model.close, conductor.close);
  const output = temporary();
  const outcome = await runTask(taskOf({ baseSha: origin.head, gateway: model.url, ...more }), origin.workspace, output, {
    report: openReport(conductor.url, RUN, CAPABILITY),
    signal: new AbortController().signal,
    now: () => new Date(),
    log: () => undefined,
    secrets: [OIDC],
  });
  const left = ["outcome.json", "transcript.jsonl"].map((name) => readFileSync(path.join(output, name), "utf8")).join("\n");
  return { origin, model, conductor, output, outcome, left, bundle: path.join(output, "work.bundle") };
}

const edit = (text: string) => calls("edit", { path: "greeting.txt", old: "goodbye", new: text });
const end = { title: "Greet", summary: "It says hello." };
const finish = calls("finish", end);

test("the commit says why and whose it is, the Conductor hears the lessons, and the answers are in the outcome", async () => {
  const said = {
    ...{ why: "The issue asks for it.", tested: "sh test.sh" },
    answers: [{ finding: "c11", did: "changed", why: "It greets." }],
    lessons: [{ kind: "map", text: "Greetings are in greeting.txt.", evidence: "greeting.txt" }],
  };
  const findings = [{ id: "c11", by: "ada", text: "It is rude." }];
  const { origin, outcome, conductor, bundle } = await run([edit("hello"), calls("finish", { ...end, ...said })], { findings });
  expect(outcome).toMatchObject({ outcome: "patch", ...said });
  sh(origin.bare, "fetch", "--quiet", bundle, "refs/heads/rig/7-greet-1:refs/heads/arrived");
  expect(sh(origin.bare, "log", "-1", "--format=%B%ae", "arrived")).toBe(
    `Greet\n\nIt says hello. The issue asks for it.\n\nRig-Run: ${RUN}\nRig-Agent: dev-e-1\nRig-Issue: acme/shop#7\ndev-e@engineering-rig.invalid`,
  );
  expect(conductor.events().at(-1)).toMatchObject({ type: "RUN_FINISHED", data: { outcome: "patch", lessons: said.lessons } });
});

test("all findings disputed and nothing changed is nothing to do, with the answers kept and no lesson told", async () => {
  const answers = [{ finding: "c11", did: "disputed", why: "The issue asks for it." }];
  const lessons = [{ kind: "pitfall", text: "Reviewers dislike it.", evidence: "c11" }];
  const findings = [{ id: "c11", by: "ada", text: "It is rude." }];
  const { outcome, conductor, bundle } = await run([calls("finish", { ...end, answers, lessons })], { findings });
  expect(outcome).toMatchObject({ outcome: "nothing_to_do", answers });
  expect(existsSync(bundle)).toBe(false);
  expect(conductor.events().at(-1)?.data).not.toHaveProperty("lessons");
});

test("the model is told of the repository what the default branch says, and of an agent's findings by id", async () => {
  const { model } = await run([edit("hello"), calls("finish", { ...end, answers: [{ finding: "c11", did: "changed", why: "x" }] })], {
    findings: [{ id: "c11", by: "ada", text: "It is rude." }],
  });
  const asked = JSON.stringify(model.requests[0]);
  expect(asked).toContain("Finding c11.");
  expect(asked).toContain("Greet in lower case.");
});

test.each([
  ["whole", OIDC],
  ["without its first seven characters", OIDC.slice(7)],
  ["in two literals", `"${OIDC.slice(0, 18)}" + "${OIDC.slice(18)}"`],
  ["in base64", Buffer.from(OIDC).toString("base64")],
  ["as the run's own bearer, a letter a line", CAPABILITY.split("").join("\n")],
])("a credential of the job, %s, leaves it neither in a commit nor in words (R20)", async (_, text) => {
  const { outcome, conductor, left, bundle } = await run([edit(text), finish]);
  expect(outcome).toMatchObject({ outcome: "failed", summary: expect.stringContaining("a piece of a credential") });
  expect(existsSync(bundle)).toBe(false);
  expect(conductor.events()).toContainEqual(
    expect.objectContaining({ type: "GUARD_BLOCKED", data: expect.objectContaining({ rule: "secret" }) }),
  );
  for (const secret of [OIDC, CAPABILITY]) expect(`${left}${JSON.stringify(conductor.events())}`).not.toContain(secret.slice(7));
});

test("a workspace that grew too large ends the run at its limit, and nothing of it is kept", async () => {
  const { outcome, bundle } = await run([calls("bash", { script: "truncate -s 1G big.bin" }), finish]);
  expect(outcome).toMatchObject({
    outcome: "limit_reached",
    summary: expect.stringContaining('The largest is "big.bin" with 1073741824.'),
  });
  expect(existsSync(bundle)).toBe(false);
});
