/** What a repository may say of an agent's character: more words, and less of everything else. */
import { z } from "zod";
import type { ResolvedCharacter } from "./character.ts";
import { type Fault, nearest, placeOf } from "./faults.ts";
import { hasPrice, knownModels } from "./prices.ts";
import { type ToolName, toolNames } from "./tools/index.ts";

const lines = z.array(z.string().min(1).max(2_000)).max(50).prefault([]);

export const Override = z
  .strictObject({
    $schema: z.string().optional().describe("Where editors find this description."),
    personality: lines.describe("Said after how it works."),
    lore: lines.describe("Said after what it knows."),
    style: lines.describe("Said after how it writes."),
    tools: z.array(z.enum(toolNames)).optional().describe("The only ones of its tools that it keeps, besides those that end a run."),
    mcpServers: z
      .record(z.string(), z.literal(false))
      .prefault({})
      .describe("`false` for each of its tool servers that is not started here."),
    llm: z
      .strictObject({
        model: z
          .string()
          .exactOptional()
          .meta({ description: "Another model, one that has a price.", examples: [...knownModels] }),
        maxTokens: z.number().int().positive().exactOptional().describe("Of one answer; only fewer."),
        thinking: z.number().int().min(1024).exactOptional().describe("Tokens of an answer that it may think; only fewer."),
      })
      .prefault({})
      .describe("The model and how it is asked."),
    limits: z
      .strictObject({
        turns: z.number().int().positive().exactOptional().describe("Answers of the model; only fewer."),
        minutes: z.number().positive().exactOptional().describe("Minutes of wall time; only fewer."),
        usd: z.number().positive().exactOptional().describe("US dollars at list price; only fewer."),
      })
      .prefault({})
      .describe("Upper bounds of one run."),
    memory: z
      .strictObject({
        lessons: z.number().int().min(0).max(50).exactOptional().describe("How many lessons of earlier runs it is told."),
        propose: z.literal(false).exactOptional().describe("`false`: it leaves no lessons."),
      })
      .prefault({})
      .describe("What it keeps of earlier runs here."),
  })
  .meta({
    title: "An agent in a repository",
    description: "Fits an agent of the Engineering Rig to one repository, within what its server allows.",
  });
export type Override = z.infer<typeof Override>;

/** What editors check an override against; kept in `agents/override.schema.json`. */
export const overrideSchema = () => z.toJSONSchema(Override, { io: "input" });

/** Without them no run could end. */
const endings: readonly ToolName[] = ["ask", "finish", "report_stuck", "verdict", "diagnose", "propose"];

/** What an override asks for that this character does not have, or would have more of. */
export function excesses(override: Override, { llm, limits, tools, mcpServers }: ResolvedCharacter): readonly Fault[] {
  const fault = (path: readonly PropertyKey[], what: string, known: readonly string[] = []): Fault => {
    const meant = nearest(String(path.at(-1)), known);
    return {
      path,
      message: `${placeOf(path)}: ${what}${known.length > 0 ? ` Allowed are ${known.join(", ")}.` : ""}${meant ? ` Did you mean ${meant}?` : ""}`,
    };
  };
  const more = (group: string, wanted: Readonly<Record<string, unknown>>, given: Readonly<Record<string, unknown>>) =>
    Object.entries(wanted).flatMap(([name, value]) => {
      if (typeof value !== "number") return [];
      const most = given[name];
      if (typeof most !== "number") return [fault([group, name], "the agent does not have it, and it cannot be given here.")];
      return value > most ? [fault([group, name], `${value} is more than the agent has (${most}); it can only be lowered here.`)] : [];
    });
  const { model, thinking = llm.thinking, maxTokens = llm.maxTokens } = override.llm;
  const guess = model === undefined ? undefined : nearest(model, knownModels);
  return [
    ...(override.tools ?? []).flatMap((tool, at) =>
      tools.includes(tool)
        ? []
        : [fault(["tools", at], `the agent has no ${tool}, and it cannot be given here. Allowed are ${tools.join(", ")}.`)],
    ),
    ...Object.keys(override.mcpServers).flatMap((name) =>
      Object.hasOwn(mcpServers, name) ? [] : [fault(["mcpServers", name], "the agent has no such tool server.", Object.keys(mcpServers))],
    ),
    ...(model === undefined || hasPrice(model)
      ? []
      : [
          fault(["llm", "model"], `${model} has no price. Allowed are ${knownModels.join(", ")}.${guess ? ` Did you mean ${guess}?` : ""}`),
        ]),
    ...more("llm", override.llm, llm),
    ...(thinking !== undefined && thinking >= maxTokens
      ? [fault(["llm"], `thinking (${thinking}) is less than maxTokens (${maxTokens}).`)]
      : []),
    ...more("limits", override.limits, limits),
  ];
}

/** The character as it is in the repository. What a repository cannot say, such as its prompts, stays as it is. */
export function fitted(character: ResolvedCharacter, override: Override): ResolvedCharacter {
  const { personality, lore, style, tools, mcpServers, llm, limits, memory } = override;
  return {
    ...character,
    personality: [...character.personality, ...personality],
    lore: [...character.lore, ...lore],
    style: [...character.style, ...style],
    tools: character.tools.filter((tool) => tools === undefined || tools.includes(tool) || endings.includes(tool)),
    mcpServers: Object.fromEntries(Object.entries(character.mcpServers).filter(([name]) => !Object.hasOwn(mcpServers, name))),
    llm: { ...character.llm, ...llm },
    limits: { ...character.limits, ...limits },
    memory: { ...character.memory, ...memory },
  };
}
