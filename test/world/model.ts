import { type ChatCompletionRequest, type ChatMessage, type FixtureBlock, type FixtureResponse, LLMock } from "@copilotkit/aimock";

/** Tokens a turn costs; the gateway counts them. */
export interface Usage {
  readonly input: number;
  readonly output: number;
}

/** What the model answers once. */
export interface Turn {
  readonly parts: readonly FixtureBlock[];
  readonly usage: Usage;
  /** Answered once, before the turn itself: 429, 500, 529 …. */
  readonly failsFirst?: number;
}

/** What a script can see of the request it answers. */
export interface Conversation {
  readonly system: string;
  /** The first message: the task. */
  readonly task: string;
  /** How often the model has answered already. */
  readonly turn: number;
  /** What the tools said, in order. */
  readonly toolResults: readonly string[];
  readonly tools: readonly string[];
}

/** Every word of a list has to stand in the system prompt or the task. */
export type Matcher = string | readonly string[] | ((conversation: Conversation) => boolean);

/** A turn, or what decides on one when its time has come; a promise holds the model back. */
export type Line = Turn | ((conversation: Conversation) => Turn | Promise<Turn>);

interface Script {
  readonly matches: (conversation: Conversation) => boolean;
  readonly lines: readonly Line[];
}

const ORDINARY: Usage = { input: 1_200, output: 90 };

export const say = (text: string): Turn => ({ parts: [{ type: "text", text }], usage: ORDINARY });

export const call = (tool: string, input: object = {}): Turn => ({
  parts: [{ type: "toolCall", name: tool, arguments: JSON.stringify(input) }],
  usage: ORDINARY,
});

/** Several in one turn: `together(say("Let me look."), call("read", { path: "a.ts" }))`. */
export const together = (...turns: readonly Turn[]): Turn => ({ parts: turns.flatMap(({ parts }) => parts), usage: ORDINARY });

export const costing = (usage: Usage, turn: Turn): Turn => ({ ...turn, usage });

/** The first request for this turn is refused; the retry gets it. */
export const failingOnce = (status: number, turn: Turn): Turn => ({ ...turn, failsFirst: status });

/** The scripted model: the Anthropic Messages API over HTTP. With a key it refuses every other. */
export async function startModel({ key }: { readonly key?: string } = {}) {
  const scripts: Script[] = [];
  const unmatched: string[] = [];
  const failed = new WeakSet<Turn>();
  const server = new LLMock({
    host: "127.0.0.1",
    port: 0,
    journalMaxEntries: 0,
    ...(key === undefined ? {} : { auth: { apiKeys: [key] } }),
  });
  server.on({ predicate: () => true }, answer);
  const url = await server.start();

  async function answer(request: ChatCompletionRequest): Promise<FixtureResponse> {
    const conversation = conversationOf(request);
    const script = scripts.find(({ matches }) => matches(conversation));
    const line = script?.lines[conversation.turn];
    if (line === undefined) {
      const problem = script
        ? `The script has ${script.lines.length} turns; turn ${conversation.turn + 1} was asked for.`
        : "No script is for this conversation.";
      unmatched.push(`${problem} Task: ${conversation.task.slice(0, 400)}`);
      return { error: { type: "invalid_request_error", message: problem }, status: 400 };
    }
    const turn = typeof line === "function" ? await line(conversation) : line;
    if (turn.failsFirst !== undefined && !failed.has(turn)) {
      failed.add(turn);
      return {
        error: { type: turn.failsFirst === 529 ? "overloaded_error" : "api_error", message: "Scripted failure" },
        status: turn.failsFirst,
      };
    }
    return { blocks: [...turn.parts], usage: { input_tokens: turn.usage.input, output_tokens: turn.usage.output } };
  }

  return {
    url,
    /** The first script that matches answers; turn n is told by how often the model has answered, so a retry gets the same. */
    script(matcher: Matcher, lines: readonly Line[]): void {
      scripts.push({ matches: matching(matcher), lines });
    },
    /** Every request so far, as the model saw it. */
    requests: () => server.getRequests().map(({ body, response }) => ({ body, status: response.status })),
    /** What no script was for: a test ends by looking that there is none. */
    unmatched: (): readonly string[] => unmatched,
    close: () => server.stop(),
  };
}

function matching(matcher: Matcher): Script["matches"] {
  if (typeof matcher === "function") return matcher;
  const words = typeof matcher === "string" ? [matcher] : matcher;
  return ({ system, task }) => words.every((word) => system.includes(word) || task.includes(word));
}

function conversationOf({ messages, tools = [] }: ChatCompletionRequest): Conversation {
  const of = (role: ChatMessage["role"]) => messages.filter((message) => message.role === role).map(textOf);
  return {
    system: of("system").join("\n"),
    task: of("user")[0] ?? "",
    turn: of("assistant").length,
    toolResults: of("tool"),
    tools: tools.map((tool) => tool.function.name),
  };
}

function textOf({ content }: ChatMessage): string {
  if (typeof content === "string") return content;
  return (content ?? []).map(({ text }) => text ?? "").join("");
}
