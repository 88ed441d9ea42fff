/** What a repository may say of an agent: more words, less of everything else, from the default branch alone (R14). */
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { loadCharacter, ResolvedCharacter } from "../../agents/runtime/character.ts";
import { overrideSchema } from "../../agents/runtime/override.ts";
import { type Characters, characterIn } from "../../app/characters.ts";
import { defaultPolicy, Policy } from "../../app/domain/policy.ts";
import { agentFitted, overridePath, parseOverride } from "../../app/policy/override.ts";
import { type InProcess, openInProcess } from "../coordination/in-process.ts";

const agents = path.join(import.meta.dirname, "../../agents");
const own: ResolvedCharacter = {
  ...(await loadCharacter(path.join(agents, "dev-e"))),
  mcpServers: { shelf: { command: "shelf", args: [] }, map: { command: "map", args: [] } },
};
const parsed = (text: string) => parseOverride(text, own);
const fittedBy = (override: object): ResolvedCharacter => {
  const read = parsed(JSON.stringify(override));
  if ("errors" in read || !read.character) throw new Error(JSON.stringify(read));
  return ResolvedCharacter.parse(read.character);
};

test("words are added to the agent's own, and an empty file changes nothing", () => {
  expect(fittedBy({})).toEqual(own);
  const { personality, lore, style } = fittedBy({ personality: ["You ask."], lore: ["The till is old."], style: ["Be brief."] });
  expect(personality).toEqual([...own.personality, "You ask."]);
  expect(lore).toEqual([...own.lore, "The till is old."]);
  expect(style).toEqual([...own.style, "Be brief."]);
});

test("tools, servers, limits and the model are made less", () => {
  const { tools, mcpServers, limits, llm, memory } = fittedBy({
    tools: ["read"],
    mcpServers: { map: false },
    limits: { turns: 3 },
    llm: { model: "claude-haiku-4-5", maxTokens: 900 },
    memory: { lessons: 0, propose: false },
  });
  expect(tools).toEqual(own.tools.filter((tool) => ["read", "ask", "finish", "report_stuck"].includes(tool)));
  expect(tools).toContain("finish");
  expect(Object.keys(mcpServers)).toEqual(["shelf"]);
  expect(limits).toEqual({ ...own.limits, turns: 3 });
  expect(llm).toEqual({ ...own.llm, model: "claude-haiku-4-5", maxTokens: 900 });
  expect(memory).toEqual({ lessons: 0, propose: false });
});

test.each([
  ["its prompts", { prompts: { implement: "Obey." } }, /^prompts: there is no such key/],
  ["its name", { name: "Boss" }, /^name: there is no such key/],
  ["its role", { role: "admin" }, /^role: there is no such key/],
  ["a tool that it has not", { tools: ["read", "verdict"] }, /^tools\.1: the agent has no verdict.*Allowed are .*bash/],
  ["a tool that nobody has", { tools: ["reed"] }, /^tools\.0: "reed" is not to be had.* Did you mean read\?$/],
  ["more turns", { limits: { turns: 1_000 } }, /^limits\.turns: 1000 is more than the agent has \(\d+\)/],
  ["more minutes", { limits: { minutes: 1_000 } }, /^limits\.minutes: 1000 is more/],
  ["more dollars", { limits: { usd: 1_000 } }, /^limits\.usd: 1000 is more/],
  ["longer answers", { llm: { maxTokens: 10_000_000 } }, /^llm\.maxTokens: 10000000 is more/],
  ["thinking where the agent does not think", { llm: { thinking: 2_000 } }, /^llm\.thinking: the agent does not have it/],
  [
    "a model without a price",
    { llm: { model: "claude-haiku-4-6" } },
    /^llm\.model: claude-haiku-4-6 has no price.* Did you mean claude-haiku-4-5\?/,
  ],
  ["another engine", { llm: { engine: "claude-code" } }, /^llm\.engine: there is no such key/],
  ["a server of its own", { mcpServers: { evil: { command: "curl" } } }, /^mcpServers\.evil: /],
  [
    "a server that the agent has not",
    { mcpServers: { shelv: false } },
    /^mcpServers\.shelv: .*Allowed are shelf, map\. Did you mean shelf\?/,
  ],
  ["more lessons than there are", { memory: { lessons: 51 } }, /^memory\.lessons: /],
  ["lessons after all", { memory: { propose: true } }, /^memory\.propose: true is not to be had\. Allowed are false\.$/],
])("%s cannot be given", (_, override, sentence) => {
  expect(parsed(JSON.stringify(override))).toEqual({ errors: [expect.objectContaining({ message: expect.stringMatching(sentence) })] });
});

test("each mistake has its line and column", () => {
  expect(parsed('{\n  "limits": {\n    "turns": 1000,\n    "minits": 3\n  }\n}')).toMatchObject({
    errors: [
      { line: 4, column: 5, message: "limits.minits: there is no such key. Allowed are turns, minutes, usd. Did you mean minutes?" },
    ],
  });
  expect(parsed('{\n  "limits": { "turns": 1000 }\n}')).toMatchObject({ errors: [{ line: 2, column: 15 }] });
  expect(parsed('{\n  "lore": [,]\n}')).toMatchObject({ errors: [{ line: 2, message: expect.stringMatching(/not JSON/) }] });
  expect(parsed(`{"lore": ["${"x".repeat(64 * 1024)}"]}`)).toMatchObject({ errors: [{ message: "the file is larger than 64 KiB" }] });
});

test("the file is .github/rig/<agent>.json, or what the policy names", () => {
  const policy = Policy.parse({ agents: { "dev-e": { character: "ops/dev.json" }, "ops-e": {} } });
  expect([overridePath(policy, "dev-e"), overridePath(policy, "ops-e")]).toEqual(["ops/dev.json", ".github/rig/ops-e.json"]);
  expect(agentFitted(policy, "ops/dev.json")).toBe("dev-e");
  expect(agentFitted(policy, ".github/rig/dev-e.json")).toBeUndefined();
  expect(agentFitted(defaultPolicy, ".github/rig/review-e.json")).toBe("review-e");
});

test("the schema editors use is the one the app checks with", () => {
  expect(JSON.parse(readFileSync(path.join(agents, "override.schema.json"), "utf8"))).toEqual(JSON.parse(JSON.stringify(overrideSchema())));
});

const characters: Characters = new Map([["dev-e", own]]);
let place: InProcess;
let nth = 0;

beforeAll(async () => {
  place = await openInProcess({ webhookUrl: "http://127.0.0.1:9" });
});
afterAll(() => place.close());

const access = { private: true, collaborators: { maria: "admin" } } as const;

/** A repository with these files on its default branch, as the Rig knows it. */
async function repositoryWith(files: Readonly<Record<string, string>>) {
  const { github, app, store } = place;
  nth += 1;
  const name = `shop-${nth}`;
  const made = await github.createRepository({ owner: "acme", name, files: { "README.md": "Shop.\n", ...files }, ...access });
  const { installationId } = github.install(app.id, "acme", [name]);
  await store.upsertRepository({ id: made.id, owner: "acme", name, installationId, defaultBranch: "main", private: true });
  return { ...made, name };
}

test("a run's agent is fitted by the file at the default branch's head, and that commit is told", async () => {
  const { id, headSha } = await repositoryWith({ ".github/rig/dev-e.json": '{"lore": ["The till is old."]}' });
  const { character, override } = (await characterIn(place.begin(), characters, "dev-e", id)) ?? {};
  expect(character?.lore.at(-1)).toBe("The till is old.");
  expect(override).toEqual({ path: ".github/rig/dev-e.json", sha: headSha });
});

test("a file on another branch says nothing", async () => {
  const { id, name } = await repositoryWith({});
  const files = { ".github/rig/dev-e.json": '{"lore": ["Obey."]}' };
  await place.github.pushFiles({ repository: `acme/${name}`, branch: "rig/1-a-1", files, message: "Obey", author: "maria" });
  expect(await characterIn(place.begin(), characters, "dev-e", id)).toEqual({ character: own });
});

test("a file that is not valid changes nothing, and is told once a commit with its path and line", async () => {
  const { id, headSha } = await repositoryWith({ ".github/rig/dev-e.json": '{\n  "limits": { "usd": 1000 },\n  "lore": ["Obey."]\n}' });
  for (const conductor of [place.begin(), place.begin()]) {
    expect(await characterIn(conductor, characters, "dev-e", id)).toEqual({ character: own });
  }
  const stream = (await place.store.repository(id))?.stream ?? "";
  const told = (await place.store.readStream(stream)).filter(({ type }) => type === "CONFIG_INVALID");
  expect(told.map(({ data }) => data)).toEqual([
    { sha: headSha, path: ".github/rig/dev-e.json", errors: [{ line: 2, message: expect.stringMatching(/^limits\.usd: 1000 is more/) }] },
  ]);
  expect(place.log()).toContainEqual(
    expect.objectContaining({ path: ".github/rig/dev-e.json", msg: expect.stringContaining("not valid") }),
  );
});

test("an agent that the server has not is nobody here", async () => {
  const { id } = await repositoryWith({});
  expect(await characterIn(place.begin(), characters, "ops-e", id)).toBeUndefined();
});
