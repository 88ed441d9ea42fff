import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@jest/globals";
import type { z } from "zod";
import { characterSchema, loadCharacter, ResolvedCharacter } from "../../agents/runtime/character.ts";
import { hasPrice } from "../../agents/runtime/prices.ts";
import { temporary, write } from "./support/repository.ts";

const agents = path.join(import.meta.dirname, "../../agents");
const folders = readdirSync(agents, { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== "runtime");

const valid = {
  name: "Test-E",
  role: "tester",
  bio: "Tests.",
  personality: [],
  lore: [],
  prompts: { implement: "prompts/implement.md" },
  tools: ["read", "finish"],
  llm: { model: "claude-sonnet-4-5", maxTokens: 1000 },
  limits: { turns: 1, minutes: 1, usd: 1 },
};

function folderOf(character: unknown, prompt = "Do it."): string {
  const folder = temporary();
  write(folder, {
    "character.json": typeof character === "string" ? character : JSON.stringify(character),
    "prompts/implement.md": prompt,
  });
  return folder;
}

test.each(folders.map(({ name }) => name))("%s is a character with a model that has a price", async (name) => {
  const character = await loadCharacter(path.join(agents, name));
  expect(hasPrice(character.llm.model)).toBe(true);
  expect(ResolvedCharacter.parse(character)).toEqual(character);
});

test("the reviewer has no tool that changes a file", async () => {
  expect((await loadCharacter(path.join(agents, "review-e"))).tools).not.toContain("edit");
});

test("no agent is named in the runtime: an agent is only data", () => {
  const files = readdirSync(path.join(agents, "runtime"), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const named = files.filter((file) =>
    folders.some(({ name }) =>
      readFileSync(path.join(agents, "runtime", file), "utf8")
        .toLowerCase()
        .includes(name),
    ),
  );
  expect(named).toEqual([]);
});

test("the schema editors use is the one the runtime checks with", () => {
  expect(JSON.parse(readFileSync(path.join(agents, "character.schema.json"), "utf8"))).toEqual(
    JSON.parse(JSON.stringify(characterSchema())),
  );
});

test("a prompt's path becomes its text", async () => {
  expect((await loadCharacter(folderOf(valid, "Do it well."))).prompts).toEqual({ implement: "Do it well." });
});

test.each([
  ["an unknown field", { ...valid, colour: "red" }, /character\.json: colour: there is no such key\. Allowed are .*name, role, bio/],
  ["a field that is nearly right", { ...valid, personalty: [] }, /personalty: there is no such key\..* Did you mean personality\?$/],
  [
    "a field inside another",
    { ...valid, llm: { ...valid.llm, maxToken: 1 } },
    /llm\.maxToken: there is no such key\. Allowed are engine, model, maxTokens, thinking, cache\. Did you mean maxTokens\?/,
  ],
  [
    "a field of a tool server",
    { ...valid, mcpServers: { shelf: { command: "x", arg: [] } } },
    /mcpServers\.shelf\.arg: .*Allowed are command, args, tools\. Did you mean args\?/,
  ],
  [
    "a tool that does not exist",
    { ...valid, tools: ["read", "deploy"] },
    /tools\.1: "deploy" is not to be had\. Allowed are .*bash.*finish/,
  ],
  ["a tool that is nearly right", { ...valid, tools: ["read", "finnish"] }, /tools\.1: "finnish" .* Did you mean finish\?$/],
  [
    "a kind of work that does not exist",
    { ...valid, prompts: { dance: "x.md" } },
    /character\.json: prompts\.dance: there is no such key\. Allowed are implement, fix-ci/,
  ],
  ["a limit of zero", { ...valid, limits: { turns: 0, minutes: 1, usd: 1 } }, /limits\.turns: /],
  ["a server's name", { ...valid, mcpServers: { "My Shelf": { command: "x" } } }, /mcpServers\.My Shelf: a name here has small letters/],
  [
    "a tool of a server that the model's provider would refuse",
    { ...valid, mcpServers: { shelf: { command: "x", tools: ["lend a book"] } } },
    /mcpServers\.shelf\.tools\.0: "lend a book" is no name of a tool/,
  ],
  [
    "a tool of a server that stands twice",
    { ...valid, mcpServers: { shelf: { command: "x", tools: ["lend", "lend"] } } },
    /mcpServers\.shelf\.tools\.1: "lend" stands here twice/,
  ],
  [
    "a model without a price",
    { ...valid, llm: { ...valid.llm, model: "claude-sonet-4-5" } },
    /llm\.model: claude-sonet-4-5 has no price\..* Did you mean claude-sonnet-4-5\?/,
  ],
  [
    "thinking that leaves no room for an answer",
    { ...valid, llm: { ...valid.llm, maxTokens: 2000, thinking: 2000 } },
    /llm\.thinking: .*less than/,
  ],
  ["no prompt at all", { ...valid, prompts: {} }, /prompts: name one at least/],
  [
    "a reviewer without a verdict",
    { ...valid, prompts: { review: "prompts/implement.md" } },
    /tools: verdict is missing, and a run of the kind review ends with it/,
  ],
  [
    "a developer who cannot finish",
    { ...valid, tools: ["read", "verdict"] },
    /tools: finish is missing, and a run of the kind implement ends/,
  ],
  [
    "a prompt that is missing",
    { ...valid, prompts: { rebase: "prompts/rebase.md" } },
    /rebase\.md cannot be read \(ENOENT\).*prompts\.rebase/,
  ],
  ["a prompt outside its folder", { ...valid, prompts: { rebase: "../../etc/passwd" } }, /prompts\.rebase is .*own folder/],
  ["text that is not JSON", "{name", /character\.json is not JSON/],
])("%s is told in one sentence with its place", async (_, character, sentence) => {
  await expect(loadCharacter(folderOf(character))).rejects.toThrow(sentence);
});

test("all mistakes are told at once, a line each", async () => {
  await expect(loadCharacter(folderOf({ ...valid, colour: "red", tools: ["deploy"] }))).rejects.toThrow(/tools\.0: .*\n.*colour: /);
});

test("editors are told what every field is for", () => {
  const fields = (schema: z.core.JSONSchema.JSONSchema, at = ""): readonly string[] =>
    Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
      typeof field === "object" ? [...(field.description ? [] : [`${at}${name}`]), ...fields(field, `${at}${name}.`)] : [],
    );
  const schema = characterSchema();
  expect(schema.title).toBe("Character of an agent");
  expect(fields(schema)).toEqual([]);
});
