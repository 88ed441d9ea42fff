/** Claude Code runs the conversation, through its Agent SDK; tools, sandbox, gateway, limits and notes are those of every run. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { WORDS_ONLY } from "../bounds.ts";
import { refused, stuck, withoutModel } from "../endings.ts";
import { messageOf } from "../errors.ts";
import { ModelError } from "../model-error.ts";
import type { Ending } from "../tools/tool.ts";
import { type Heard, heard, type Result, tokensOf, type Usage } from "./claude-code/heard.ts";
import { offer } from "./claude-code/offer.ts";
import { optionsFor } from "./claude-code/options.ts";
import { programs } from "./claude-code/program.ts";
import { loadQuery, type Query, type UserMessage } from "./claude-code/sdk.ts";
import { type Count, keepCount } from "./claude-code/turns.ts";
import type { Engine, EngineJob } from "./engine.ts";

const NUDGE = "Use a tool; end with the one that says you are done or stuck.";

export const claudeCode: Engine = async (job) => {
  const query = await loadQuery();
  const folder = await mkdtemp(path.join(tmpdir(), "rig-claude-code-"));
  try {
    return await converse(query, job, folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
};

async function converse(query: Query, job: EngineJob, folder: string): Promise<Ending> {
  const abortController = new AbortController();
  const program = programs();
  let ending: Ending | undefined;
  const count = keepCount(job, (end) => {
    ending = end;
    abortController.abort();
    void program.end();
  });
  const server = offer(job.tools, count.call);
  const options = optionsFor({ ...job, folder, path: process.env.PATH ?? "/usr/bin:/bin", server, abortController, begin: program.begin });
  const prompts = said(job.firstMessage, abortController.signal);
  const follow = follower(job, count, prompts.say);
  job.note("user", { text: job.firstMessage });
  try {
    if (!ending) for await (const message of query({ prompt: prompts.all, options })) follow(heard(message));
  } catch (error) {
    // Whoever ends the run ends the conversation by force.
    if (!ending) throw new Error(`Claude Code failed: ${messageOf(error)}`);
  } finally {
    count.close();
    await program.end();
    await server.close();
  }
  return ending ?? stuck("Claude Code ended without a word.");
}

/** Follows what is told, a turn at a time. */
function follower({ note }: EngineJob, count: Count, say: (text: string) => void): (message: Heard | undefined) => void {
  let usage: Usage = {};
  let stopReason: string | null | undefined;
  let content: unknown[] = [];
  let wordsOnly = 0;
  let calls = 0;

  return (message) => {
    if (message?.type === "assistant") content.push(...message.message.content);
    if (message?.type === "stream_event") onEvent(message.event);
    if (message?.type === "result") onResult(message);
    // It would try again what no waiting mends.
    if (message?.type === "system" && message.error_status === 409) count.finish(replaced);
  };

  function onEvent(event: Extract<Heard, { type: "stream_event" }>["event"]): void {
    if (event.type === "message_start") {
      usage = event.message.usage;
      content = [];
      count.begin();
    } else if (event.type === "message_delta") {
      // Its figures are those of the whole answer, as far as it names them.
      usage = { ...usage, ...Object.fromEntries(Object.entries(event.usage).filter(([, value]) => value !== null && value !== undefined)) };
      stopReason = event.delta.stop_reason;
    } else {
      const tokens = tokensOf(usage);
      count.paid(tokens);
      note("assistant", { content, stopReason, tokens });
    }
  }

  /** It stopped of its own accord, with words alone, or it cannot go on. */
  function onResult(result: Result): void {
    wordsOnly = count.calls() > calls ? 1 : wordsOnly + 1;
    calls = count.calls();
    if (result.is_error || result.subtype !== "success") count.finish(failedWith(result));
    else if (stopReason === "refusal") count.finish(refused);
    else if (wordsOnly >= WORDS_ONLY) count.finish(stuck("It only talked and used no tool."));
    else {
      note("user", { text: NUDGE });
      say(NUDGE);
    }
  }
}

const replaced = withoutModel(new ModelError("superseded", "The gateway says this run was replaced."));

/** The budget that the gateway names where it says no. */
const BUDGET = /budget of the (run|issue|day)/;

function failedWith({ subtype, api_error_status: status, result, errors }: Result): Ending {
  const words = result ?? errors?.join(" ") ?? subtype;
  if (subtype === "error_max_turns") return { outcome: "limit_reached", title: "Limit reached", summary: "It used all of its turns." };
  if (subtype === "error_max_budget_usd")
    return { outcome: "limit_reached", title: "Limit reached", summary: "It used all of its dollars." };
  const [, scope] = BUDGET.exec(words) ?? [];
  if (status === 402 && scope) return withoutModel(new ModelError(scope === "run" ? "run-budget" : "budget", words));
  return status === 409 ? replaced : withoutModel(new ModelError("unavailable", `The model cannot be reached: ${words}`));
}

/** The user's side of the conversation: what is said first, and whatever `say` adds. It ends with the signal. */
function said(first: string, signal: AbortSignal) {
  const waiting = [first];
  let wake = () => {};
  signal.addEventListener("abort", () => wake());
  async function* all(): AsyncGenerator<UserMessage> {
    while (!signal.aborted) {
      const content = waiting.shift();
      if (content !== undefined) yield { type: "user", message: { role: "user", content }, parent_tool_use_id: null };
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (signal.aborted || waiting.length > 0) resolve();
        });
    }
  }
  return {
    all: all(),
    say: (text: string) => {
      waiting.push(text);
      wake();
    },
  };
}
