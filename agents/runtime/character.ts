/** An agent is data: who it is, what it is told for each kind of work, and which tools it has. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { messageOf } from "./errors.ts";
import { toolNames } from "./tools/index.ts";

/** The kinds of work a character may have a prompt for. */
export const taskKinds = ["implement", "fix-ci", "answer-review", "rebase", "fix-smoke", "review"] as const;
export type TaskKind = (typeof taskKinds)[number];

/** A tool server over standard input and output (https://modelcontextprotocol.io). */
const McpServer = z.strictObject({
  command: z.string().min(1),
  args: z.array(z.string()).prefault([]),
  tools: z.array(z.string()).min(1).optional().describe("The only ones it is offered; absent: all the server has."),
});

const shared = {
  name: z.string().min(1).max(60).describe("How the agent signs its commits and is named on pull requests."),
  role: z.string().min(1).max(60).describe("One word or two: developer, reviewer."),
  bio: z.string().min(1).describe("One sentence: what it owns."),
  personality: z.array(z.string()).describe("How it works, one rule an entry."),
  lore: z.array(z.string()).describe("What it knows about the world it works in."),
  tools: z.array(z.enum(toolNames)).min(1).describe("What it may do. There is nothing else it can do."),
  style: z.array(z.string()).prefault([]).describe("How it writes: commits, comments, answers."),
  mcpServers: z
    .record(z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, "small letters, digits and hyphens"), McpServer)
    .prefault({})
    .describe("Programs that bring more tools, by name. They run in the same sandbox as its commands."),
  llm: z.strictObject({
    engine: z.enum(["anthropic", "claude-code"]).prefault("anthropic").describe("Who runs the conversation."),
    model: z.string(),
    maxTokens: z.number().int().positive().describe("Of one answer."),
    thinking: z.number().int().min(1024).optional().describe("Tokens of an answer that it may think; absent: it does not."),
    cache: z.enum(["5m", "1h"]).prefault("5m").describe("How long the beginning of the conversation stays cached at the provider."),
  }),
  memory: z
    .strictObject({
      lessons: z.number().int().min(0).max(50).prefault(20).describe("How many lessons of earlier runs it is told."),
      propose: z.boolean().prefault(true).describe("Whether it may leave lessons for the next run."),
    })
    .prefault({}),
  limits: z
    .strictObject({ turns: z.number().int().positive(), minutes: z.number().positive(), usd: z.number().positive() })
    .describe("Upper bounds of one run. The repository's own limits can only lower them."),
};

/** A `character.json` as it is written. */
export const Character = z.strictObject({
  $schema: z.string().optional(),
  ...shared,
  prompts: z.partialRecord(z.enum(taskKinds), z.string()).describe("What it is told, by kind of work: a path beside this file."),
});
export type Character = z.infer<typeof Character>;

/** A character with the texts of its prompts in place of their paths. */
export const ResolvedCharacter = z.strictObject({ ...shared, prompts: z.partialRecord(z.enum(taskKinds), z.string()) });
export type ResolvedCharacter = z.infer<typeof ResolvedCharacter>;

/** Reads a character's folder. A mistake is told in one sentence: file, place in it, what is allowed. */
export async function loadCharacter(directory: string): Promise<ResolvedCharacter> {
  const file = path.join(directory, "character.json");
  const { $schema: _, ...character } = parse(file, await readText(file, "A character's folder needs it."));
  const prompts: ResolvedCharacter["prompts"] = {};
  for (const kind of taskKinds) {
    const promptPath = character.prompts[kind];
    if (promptPath === undefined) continue;
    const promptFile = path.resolve(directory, promptPath);
    if (path.relative(directory, promptFile).startsWith("..")) {
      throw new Error(`${file}: prompts.${kind} is ${promptPath}; a prompt lies in the character's own folder.`);
    }
    prompts[kind] = await readText(promptFile, `${file} names it at prompts.${kind}.`);
  }
  return { ...character, prompts };
}

function parse(file: string, text: string): Character {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON: ${messageOf(error)}`);
  }
  const parsed = Character.safeParse(json);
  if (parsed.success) return parsed.data;
  const { path: place, message } = parsed.error.issues[0] ?? { path: [], message: "It is wrong" };
  throw new Error(`${file}: ${place.join(".") || "the whole file"}: ${message}.${allowedAt(place)}`);
}

/** The keys an object of the schema may have, as a sentence; nothing for anything else. */
function allowedAt(place: readonly PropertyKey[]): string {
  let schema: z.core.JSONSchema._JSONSchema | undefined = characterSchema();
  for (const key of place) schema = typeof schema === "object" ? schema.properties?.[String(key)] : undefined;
  if (typeof schema !== "object" || schema.type !== "object") return "";
  const names = typeof schema.propertyNames === "object" ? schema.propertyNames.enum : Object.keys(schema.properties ?? {});
  return ` Allowed are ${names?.join(", ")}.`;
}

async function readText(file: string, why: string): Promise<string> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file} cannot be read (${error.code}). ${why}`);
  });
}

/** What editors check a `character.json` against; kept in `agents/character.schema.json`. */
export const characterSchema = () => z.toJSONSchema(Character, { io: "input" });
