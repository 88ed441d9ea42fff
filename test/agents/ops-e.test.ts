/** An agent is a folder: one is added beside the built-in ones, and the runtime that all share runs it. */
import path from "node:path";
import { expect, test } from "@jest/globals";
import { openReport } from "../../agents/runtime/report.ts";
import { runTask } from "../../agents/runtime/run.ts";
import { loadCharacters } from "../../app/characters.ts";
import { startConductor } from "./support/conductor.ts";
import { calls, startModel } from "./support/model.ts";
import { makeOrigin, temporary, write } from "./support/repository.ts";
import { CAPABILITY, RUN, taskOf } from "./support/task.ts";

const builtIn = path.join(import.meta.dirname, "../../agents");
const character = {
  name: "Ops-E",
  role: "operator",
  bio: "Looks after how the shop runs.",
  personality: ["You write down what the next person at night needs."],
  lore: [],
  style: ["You write in short sentences."],
  prompts: { implement: "prompts/implement.md" },
  tools: ["edit", "finish"],
  llm: { model: "claude-haiku-4-5", maxTokens: 4_000 },
  limits: { turns: 5, minutes: 1, usd: 1 },
};

function folderWith(...names: readonly string[]): string {
  const folder = temporary();
  for (const name of names)
    write(folder, { [`${name}/character.json`]: JSON.stringify(character), [`${name}/prompts/implement.md`]: "Write it down.\n" });
  return folder;
}

test("a folder of further agents stands beside the built-in ones", async () => {
  expect([...(await loadCharacters(builtIn)).keys()].toSorted()).toEqual(["architect-e", "dev-e", "monitor-e", "review-e"]);
  expect([...(await loadCharacters(builtIn, folderWith("ops-e", "data-e"))).keys()].toSorted()).toEqual([
    "architect-e",
    "data-e",
    "dev-e",
    "monitor-e",
    "ops-e",
    "review-e",
  ]);
});

test("no agent takes a built-in one's place, and each has a name that a policy can say", async () => {
  await expect(loadCharacters(builtIn, folderWith("dev-e"))).rejects.toThrow(
    /^RIG_AGENTS: .*dev-e has the name of an agent that is built in/,
  );
  await expect(loadCharacters(builtIn, folderWith("ops-1"))).rejects.toThrow(/^RIG_AGENTS: .*ops-1 is no name for an agent/);
  await expect(loadCharacters(builtIn, "/no/such/folder")).rejects.toThrow("/no/such/folder, which cannot be read (ENOENT)");
  const folder = temporary();
  write(folder, { "ops-e/notes.md": "Nothing yet.\n" });
  await expect(loadCharacters(builtIn, folder)).rejects.toThrow(/ops-e\/character\.json cannot be read \(ENOENT\)/);
});

test("it does its work with its own character, prompt and tools, and no others", async () => {
  const opsE = (await loadCharacters(builtIn, folderWith("ops-e"))).get("ops-e");
  if (!opsE) throw new Error("It was not loaded.");
  const origin = makeOrigin({ "README.md": "Shop.\n" });
  const model = await startModel([
    calls("edit", { path: "docs/restart.md", old: "", new: "Start it again.\n" }),
    calls("bash", { script: "echo no" }),
    calls("finish", { title: "Say how it is started again", summary: "One line." }),
  ]);
  const conductor = await startConductor({ [`/api/runs/${RUN}/events`]: { result: "accepted" } });
  const task = taskOf({ ...{ baseSha: origin.head, gateway: model.url }, agent: "ops-e", agentId: "ops-e-1", character: opsE });
  const outcome = await runTask(task, origin.workspace, temporary(), {
    report: openReport(conductor.url, RUN, CAPABILITY),
    signal: new AbortController().signal,
    now: () => new Date(),
    log: () => undefined,
  });
  const [first, , third] = model.requests.map(({ body }) => body as { readonly tools: readonly { readonly name: string }[] });
  expect(outcome).toMatchObject({ outcome: "patch", title: "Say how it is started again" });
  expect(first?.tools.map(({ name }) => name)).toEqual(["edit", "finish"]);
  expect(JSON.stringify(first)).toMatch(/You are Ops-E, .*You write in short sentences\..*Write it down\./);
  expect(JSON.stringify(third)).toContain("There is no tool bash; you have edit, finish.");
  expect(conductor.events().at(-1)).toMatchObject({ type: "RUN_FINISHED", data: { outcome: "patch" } });
  await model.close();
  await conductor.close();
});
