/** A long run of the real loop with real tools against a model that counts what it finds in its cache. */
import { work } from "../../../agents/runtime/loop.ts";
import { openModel } from "../../../agents/runtime/model.ts";
import { tools } from "../../../agents/runtime/tools/index.ts";
import { startModel, type ToolCall, type Turn, type Usage } from "./model.ts";
import { openPromptCache } from "./prompt-cache.ts";
import { sandboxOf } from "./sandbox.ts";
import { CAPABILITY } from "./task.ts";
import { toolboxOf } from "./toolbox.ts";

const TURNS = 40;
const FILES = 60;
/** More calls in one answer than blocks are looked back. */
const WIDE = 25;

const text = (lines: number, about: string) =>
  Array.from({ length: lines }, (_, n) => `${n}: what is known about ${about} here`).join("\n");

/** What the workspace has to hold. */
export const files: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from({ length: FILES }, (_, n) => [`src/${n}.txt`, text(60, `till ${n}`)]),
);

const read = (n: number): ToolCall => ({ name: "read", input: { path: `src/${n % FILES}.txt` } });

/** Reads one or many files, notes a plan, makes a file; the last one finishes. */
function script(): readonly Turn[] {
  const turns = Array.from({ length: TURNS - 1 }, (_, n): Turn => {
    if (n % 10 === 9) return { calls: Array.from({ length: WIDE }, (_, m) => read(n + m)) };
    if (n % 5 === 2) return { calls: [{ name: "plan", input: { plan: text(10, `step ${n}`) } }] };
    if (n % 3 === 1) return { calls: [{ name: "edit", input: { path: `new/${n}.txt`, old: "", new: text(20, `tip ${n}`) } }] };
    return { calls: [read(n), read(n + 7)] };
  });
  return [...turns, { calls: [{ name: "finish", input: { title: "Tips", summary: "Every till takes tips now." } }] }];
}

export interface Read {
  /** Of all input tokens, the part that was read from the cache. */
  readonly ratio: number;
  readonly turns: number;
  readonly tokens: number;
}

/** What was read from the cache as the runtime marks its requests, and what would have been with one mark on the last block alone. */
export async function longRun(workspace: string): Promise<{ readonly marked: Read; readonly lastBlockOnly: Read }> {
  const [cache, other] = [openPromptCache(), openPromptCache()];
  const marked: Usage[] = [];
  const lastBlockOnly: Usage[] = [];
  const server = await startModel(script(), (body) => {
    const usage = cache.usageOf(body);
    marked.push(usage);
    lastBlockOnly.push(other.usageOf(body, "last block only"));
    return usage;
  });
  try {
    const ask = openModel({
      ...{ gateway: server.url, capability: CAPABILITY, model: "claude-sonnet-5-5", maxTokens: 16_000, tools },
      system: text(60, "how a developer works"),
      brief: text(150, "this repository"),
    });
    const { outcome, summary } = await work({
      ...{ ask, model: "claude-sonnet-5-5", tools, firstMessage: text(30, "the issue") },
      toolbox: toolboxOf({ workspace, sandbox: sandboxOf() }),
      limits: { turns: TURNS, usd: 100 },
      asked: new AbortController().signal,
      note: () => undefined,
      onProgress: () => undefined,
    });
    if (outcome !== "patch") throw new Error(`The run was to finish and ended with ${outcome}: ${summary}`);
    return { marked: readOf(marked), lastBlockOnly: readOf(lastBlockOnly) };
  } finally {
    await server.close();
  }
}

function readOf(usages: readonly Usage[]): Read {
  const total = (what: keyof Usage) => usages.reduce((sum, usage) => sum + usage[what], 0);
  const read = total("cache_read_input_tokens");
  const tokens = read + total("cache_creation_input_tokens") + total("input_tokens");
  return { ratio: read / tokens, turns: usages.length, tokens };
}
