import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@jest/globals";
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
  ["an unknown field", { ...valid, colour: "red" }, /character\.json: the whole file: .*colour.* Allowed are .*name, role, bio/],
  ["a tool that does not exist", { ...valid, tools: ["read", "deploy"] }, /tools\.1: .*"bash".*"finish"/],
  [
    "a kind of work that does not exist",
    { ...valid, prompts: { dance: "x.md" } },
    /character\.json: prompts: .*"dance"\. Allowed are implement, fix-ci/,
  ],
  ["a limit of zero", { ...valid, limits: { turns: 0, minutes: 1, usd: 1 } }, /limits\.turns: /],
  [
    "a prompt that is missing",
    { ...valid, prompts: { review: "prompts/review.md" } },
    /review\.md cannot be read \(ENOENT\).*prompts\.review/,
  ],
  ["a prompt outside its folder", { ...valid, prompts: { review: "../../etc/passwd" } }, /prompts\.review is .*own folder/],
  ["text that is not JSON", "{name", /character\.json is not JSON/],
])("%s is told in one sentence with its place", async (_, character, sentence) => {
  await expect(loadCharacter(folderOf(character))).rejects.toThrow(sentence);
});
