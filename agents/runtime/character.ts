/** An agent is data: who it is, what it is told for each kind of work, and which tools it has. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { messageOf } from "./errors.ts";
import { type Fault, faultsIn, nearest, placeOf } from "./faults.ts";
import { endsWith } from "./kinds.ts";
import { hasPrice, knownModels } from "./prices.ts";
import { toolNames } from "./tools/index.ts";

/** The kinds of work a character may have a prompt for. */
export const taskKinds = ["implement", "fix-ci", "answer-review", "rebase", "fix-smoke", "review", "diagnose", "propose"] as const;
export type TaskKind = (typeof taskKinds)[number];

/** Names that the model's provider takes for a tool. */
export const TOOL_NAME = /^[a-zA-Z0-9_-]{1,64}$/;

const serverName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, "small letters, digits and hyphens, begins with a letter and is at most 31 long");

/** A tool server over standard input and output (https://modelcontextprotocol.io). */
const McpServer = z.strictObject({
  command: z.string().min(1).describe("The program, as the sandbox finds it."),
  args: z.array(z.string()).prefault([]).describe("What it is given."),
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
    .record(serverName, McpServer)
    .prefault({})
    .describe("Programs that bring more tools, by name. They run in the same sandbox as its commands."),
  llm: z
    .strictObject({
      engine: z.enum(["anthropic", "claude-code"]).prefault("anthropic").describe("Who runs the conversation."),
      model: z.string().meta({ description: "The model; one that has a price.", examples: [...knownModels] }),
      maxTokens: z.number().int().positive().describe("Of one answer."),
      thinking: z
        .number()
        .int()
        .min(1024)
        .optional()
        .describe(
          "Tokens of an answer that it may think. A model that divides its thinking by itself takes it as leave to. Absent: nothing is said about it.",
        ),
      cache: z.enum(["5m", "1h"]).prefault("5m").describe("How long the beginning of the conversation stays cached at the provider."),
    })
    .describe("The model and how it is asked."),
  memory: z
    .strictObject({
      lessons: z.number().int().min(0).max(50).prefault(20).describe("How many lessons of earlier runs it is told."),
      propose: z.boolean().prefault(true).describe("Whether it may leave lessons for the next run."),
    })
    .prefault({})
    .describe("What it keeps of earlier runs in a repository."),
  limits: z
    .strictObject({
      turns: z.number().int().positive().describe("Answers of the model."),
      minutes: z.number().positive().describe("Minutes of wall time."),
      usd: z.number().positive().describe("US dollars at list price."),
    })
    .describe("Upper bounds of one run. The repository's own limits can only lower them."),
};

/** A `character.json` as it is written. */
export const Character = z
  .strictObject({
    $schema: z.string().optional().describe("Where editors find this description."),
    ...shared,
    prompts: z.partialRecord(z.enum(taskKinds), z.string()).describe("What it is told, by kind of work: a path beside this file."),
  })
  .meta({ title: "Character of an agent", description: "An agent of the Engineering Rig is this file and the prompts that it names." });
export type Character = z.infer<typeof Character>;

/** A character with the texts of its prompts in place of their paths. */
export const ResolvedCharacter = z.strictObject({ ...shared, prompts: z.partialRecord(z.enum(taskKinds), z.string()) });
export type ResolvedCharacter = z.infer<typeof ResolvedCharacter>;

/** What no single field shows: whether model, tools and kinds of work go together. */
export function misfits({
  llm,
  tools,
  prompts,
  mcpServers,
}: Pick<Character, "llm" | "tools" | "prompts" | "mcpServers">): readonly Fault[] {
  const kinds = taskKinds.filter((kind) => prompts[kind] !== undefined);
  const lacking = kinds.find((kind) => !tools.includes(endsWith(kind)));
  const meant = nearest(llm.model, knownModels);
  return [
    ...(hasPrice(llm.model)
      ? []
      : [
          {
            path: ["llm", "model"],
            message: `llm.model: ${llm.model} has no price. Allowed are ${knownModels.join(", ")}.${meant ? ` Did you mean ${meant}?` : ""}`,
          },
        ]),
    ...(llm.thinking !== undefined && llm.thinking >= llm.maxTokens
      ? [
          {
            path: ["llm", "thinking"],
            message: `llm.thinking: thinking is a part of an answer, so it is less than llm.maxTokens (${llm.maxTokens}).`,
          },
        ]
      : []),
    ...(kinds.length === 0
      ? [{ path: ["prompts"], message: `prompts: name one at least; the kinds of work are ${taskKinds.join(", ")}.` }]
      : []),
    ...(lacking
      ? [{ path: ["tools"], message: `tools: ${endsWith(lacking)} is missing, and a run of the kind ${lacking} ends with it.` }]
      : []),
    ...Object.entries(mcpServers).flatMap(([server, { tools: allowed = [] }]) =>
      allowed.flatMap((tool, at) => {
        const path = ["mcpServers", server, "tools", at];
        const wrong = !TOOL_NAME.test(`${server}__${tool}`)
          ? "is no name of a tool"
          : allowed.indexOf(tool) < at
            ? "stands here twice"
            : undefined;
        return wrong ? [{ path, message: `${placeOf(path)}: ${JSON.stringify(tool).slice(0, 80)} ${wrong}.` }] : [];
      }),
    ),
  ];
}

/** Reads a character's folder. Each mistake is told in a sentence: file, place in it, what is allowed, what was probably meant. */
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
  const faults = parsed.success ? misfits(parsed.data) : faultsIn(parsed.error, json, Character);
  if (parsed.success && faults.length === 0) return parsed.data;
  throw new Error(faults.map(({ message }) => `${file}: ${message}`).join("\n"));
}

async function readText(file: string, why: string): Promise<string> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file} cannot be read (${error.code}). ${why}`);
  });
}

/** What editors check a `character.json` against; kept in `agents/character.schema.json`. */
export const characterSchema = () => z.toJSONSchema(Character, { io: "input" });
