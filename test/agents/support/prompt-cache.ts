/** The provider's prompt cache, as its documentation tells it: byte-identical beginnings, marks, and a look of twenty blocks back. */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Usage } from "./model.ts";

const Block = z.looseObject({ cache_control: z.unknown().optional() });
const Body = z.looseObject({
  tools: z.array(Block),
  system: z.array(Block),
  messages: z.array(z.looseObject({ role: z.string(), content: z.array(Block) })),
});

const MOST_MARKS = 4;
const LOOK_BACK = 20;
const BYTES_A_TOKEN = 4;

export interface PromptCache {
  /** What the request costs, and what it leaves in the cache. Throws where the provider would refuse it. */
  readonly usageOf: (body: unknown, marks?: "as they are" | "last block only") => Usage;
}

export function openPromptCache(): PromptCache {
  const cached = new Set<string>();
  return {
    usageOf: (body, placed = "as they are") => {
      const blocks = blocksOf(Body.parse(body));
      const given = blocks.flatMap(({ isMarked }, index) => (isMarked ? [index] : []));
      const marks = placed === "as they are" ? given : [blocks.length - 1];
      if (marks.length > MOST_MARKS) throw new Error(`The request has ${marks.length} marks; ${MOST_MARKS} are allowed.`);
      const reachable = marks.flatMap((mark) => Array.from({ length: LOOK_BACK }, (_, back) => mark - back).filter((index) => index >= 0));
      const hit = Math.max(-1, ...reachable.filter((index) => cached.has(blocks[index]?.beginning ?? "")));
      for (const mark of marks) cached.add(blocks[mark]?.beginning ?? "");
      const tokens = (from: number, to: number) =>
        Math.ceil(blocks.slice(from, to).reduce((bytes, block) => bytes + block.bytes, 0) / BYTES_A_TOKEN);
      const last = Math.max(hit, marks.at(-1) ?? -1);
      return {
        cache_read_input_tokens: tokens(0, hit + 1),
        cache_creation_input_tokens: tokens(hit + 1, last + 1),
        input_tokens: tokens(last + 1, blocks.length),
      };
    },
  };
}

/** Every block with all that stands before it, as one hash. The marks themselves are no content. */
function blocksOf({ tools, system, messages }: z.infer<typeof Body>) {
  const beginning = createHash("sha256");
  const placed = [
    ...tools.map((block) => ["tools", block] as const),
    ...system.map((block) => ["system", block] as const),
    ...messages.flatMap(({ role, content }) => content.map((block) => [role, block] as const)),
  ];
  return placed.map(([place, { cache_control: mark, ...block }]) => {
    const text = `${place} ${JSON.stringify(block)}\n`;
    beginning.update(text);
    return { isMarked: mark !== undefined, bytes: Buffer.byteLength(text), beginning: beginning.copy().digest("hex") };
  });
}
