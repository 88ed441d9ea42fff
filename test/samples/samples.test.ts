/** Real work, the whole way: issues of four projects in four languages go from the label to the merge, and tests that no agent has seen decide. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { x } from "tinyexec";
import { projects } from "./index.ts";
import { openSamples, type Samples } from "./open-samples.ts";
import type { Project, Task } from "./sample.ts";

const rows = projects.flatMap((project) => project.tasks.map((task) => ({ project, task, name: `${project.language}: ${task.title}` })));

let samples: Samples;
let merged: ReadonlyMap<Task, Promise<string>>;

beforeAll(async () => {
  samples = await openSamples(projects);
  merged = samples.handOver();
}, 120_000);
afterAll(() => samples.close(), 60_000);

/** Whether the hidden tests pass on a commit. */
async function judged({ name }: Project, { hidden }: Task, sha: string): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), "rig-hidden-"));
  try {
    await samples.checkOut(name, sha, folder);
    for (const [path, text] of Object.entries(hidden.files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), `${text}\n`);
    }
    const env = { PATH: samples.path, HOME: folder, NODE_OPTIONS: "", NODE_TEST_CONTEXT: "" };
    const { exitCode } = await x("sh", ["-c", hidden.command], { nodePath: false, nodeOptions: { cwd: folder, env } });
    return exitCode === 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test("there are twelve tasks at least, in four languages, and one that the projects' own tests do not see through", () => {
  expect(rows.length).toBeGreaterThanOrEqual(12);
  expect(new Set(projects.map(({ language }) => language)).size).toBeGreaterThanOrEqual(4);
  expect(rows.filter(({ task }) => !task.solved)).toHaveLength(1);
});

test.each(rows)(
  "$name",
  async ({ project, task }) => {
    expect(await judged(project, task, await samples.before(project.name))).toBe(false);
    const sha = await merged.get(task);
    expect(await judged(project, task, sha ?? "")).toBe(task.solved);
  },
  600_000,
);

test("nobody asked for anything that GitHub, Discord or the model's provider would not take", async () => {
  await Promise.all(merged.values());
  expect(samples.violations()).toEqual([]);
}, 600_000);
