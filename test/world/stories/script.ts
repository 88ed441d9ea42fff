/** How the scripts of the agents are written: what they think, what they call, and what they do when reality is not as expected. */
import { type Conversation, call, costing, type Line, say, type Turn, together } from "../model.ts";

/** Each turn carries the conversation so far, so it costs more than the one before. */
const FIRST_INPUT = 1_400;
const PER_TURN = 250;
const CHARACTERS_PER_TOKEN = 4;

/** The shop's own test command. */
export const TESTS = "node --test --test-isolation=none";

/** A turn of an agent: a short thought and one tool. */
export const step = (thought: string, tool: string, input: object = {}): Turn => together(say(thought), call(tool, input));

export const bash = (thought: string, script: string): Turn => step(thought, "bash", { script });
export const read = (thought: string, path: string): Turn => step(thought, "read", { path });
export const edit = (thought: string, path: string, before: string, after: string): Turn =>
  step(thought, "edit", { path, old: before, new: after });
export const create = (thought: string, path: string, text: string): Turn => step(thought, "edit", { path, old: "", new: text });
export const finish = (title: string, summary: string): Turn => call("finish", { title, summary });
export const ask = (thought: string, question: string, ...options: readonly string[]): Turn =>
  step(thought, "ask", { question, ...(options.length > 0 ? { options } : {}) });
export const giveUp = (reason: string): Turn => call("report_stuck", { reason });

/** Ids of the findings that a task tells of. */
const findingsIn = ({ task }: Conversation): readonly string[] => [...task.matchAll(/^Finding ([cri]\d+)\./gm)].map(([, id = ""]) => id);

/** Ends the work with the same answer to each finding of the task. */
export const finishAnswering =
  (did: "changed" | "disputed", why: string, title: string, summary: string): Line =>
  (conversation) =>
    call("finish", { title, summary, answers: findingsIn(conversation).map((finding) => ({ finding, did, why })) });

const judge =
  (verdict: "approve" | "request_changes", summary: string, now: "resolved" | "stands"): Line =>
  (conversation) =>
    call("verdict", { verdict, summary, revisited: findingsIn(conversation).map((finding) => ({ finding, now, why: summary })) });

/** Whatever an earlier review found is resolved. */
export const approve = (summary: string): Line => judge("approve", summary, "resolved");
/** Whatever an earlier review found stands. */
export const insist = (summary: string): Line => judge("request_changes", summary, "stands");

export const requestChanges = (summary: string, finding: { readonly path: string; readonly line: number; readonly text: string }): Turn =>
  together(call("comment_on_line", { severity: "blocking", ...finding }), call("verdict", { verdict: "request_changes", summary }));
/** The reviewer's first look. */
export const seeChange = bash("What does it change?", "git diff $(git merge-base HEAD origin/main) HEAD");
/** Runs the tests, and what the tests leave out. */
export const testAnd = (thought: string, program: string): Turn =>
  bash(thought, `${TESTS} && node --input-type=module --eval '${program}'`);

/** The turn for when the last tool answered as expected; an agent for whom it did not gives up and says so. */
export const afterSeeing =
  (expected: RegExp, line: Line): Line =>
  (conversation) => {
    const last = conversation.toolResults.at(-1) ?? "";
    return expected.test(last) ? turnOf(line, conversation) : giveUp(`I expected ${expected} and got:\n${last.slice(-1_500)}`);
  };

/** Tests that fail, and tests that pass, as `node --test` says it in either of its formats. */
export const red = /Exit code 1\.[\s\S]*fail [1-9]/;
export const green = /Exit code 0\.[\s\S]*fail 0/;

export const turnOf = (line: Line, conversation: Conversation): Turn | Promise<Turn> =>
  typeof line === "function" ? line(conversation) : line;

/** A line that the model thinks about until it may go on. */
export function held(line: Line) {
  const may = Promise.withResolvers<void>();
  let reached = false;
  return {
    line: async (conversation: Conversation): Promise<Turn> => {
      reached = true;
      await may.promise;
      return turnOf(line, conversation);
    },
    /** Whether the model has come to it. */
    isReached: () => reached,
    goOn: () => may.resolve(),
  };
}

/** The same line; what the model was told as its task is noted when it comes to it. */
export const noting =
  (tasks: Set<string>, line: Line): Line =>
  (conversation) => {
    tasks.add(conversation.task);
    return turnOf(line, conversation);
  };

/** Another script for each run: `nth` says which it is, from 0. */
export const byRun = (nth: (conversation: Conversation) => number, ...scripts: readonly (readonly Line[])[]): readonly Line[] =>
  Array.from({ length: Math.max(...scripts.map(({ length }) => length)) }, (_, turn) => (conversation: Conversation) => {
    const line = scripts[nth(conversation)]?.[turn];
    return line ? turnOf(line, conversation) : giveUp("This was not to be asked: the script is at its end.");
  });

/** By the attempt that the task names. */
export const byAttempt = (...scripts: readonly (readonly Line[])[]): readonly Line[] =>
  byRun(({ task }) => Number(/, attempt (\d+)\.$/m.exec(task)?.[1]) - 1, ...scripts);

/** By whether an earlier run's work in progress is there. */
export const untilInterrupted = (first: readonly Line[], resumed: readonly Line[]): readonly Line[] =>
  byRun(({ task }) => (task.includes("An earlier run of this task was interrupted.") ? 1 : 0), first, resumed);

/** The turn that the last tool's answer decides on. */
export const depending =
  (on: RegExp, then: Line, otherwise: Line): Line =>
  (conversation) =>
    turnOf(on.test(conversation.toolResults.at(-1) ?? "") ? then : otherwise, conversation);

/** Lines with what each costs by its place and its words. */
export const priced = (lines: readonly Line[]): readonly Line[] =>
  lines.map((line, index) => {
    const cost = (turn: Turn): Turn => costing({ input: FIRST_INPUT + PER_TURN * index, output: wordsOf(turn) }, turn);
    if (typeof line !== "function") return cost(line);
    return async (conversation) => cost(await line(conversation));
  });

const wordsOf = ({ parts }: Turn): number => 40 + Math.ceil(JSON.stringify(parts).length / CHARACTERS_PER_TOKEN);

export type Kind = "implement" | "fix-ci" | "answer-review" | "fix-smoke" | "review";

const begins: { readonly [K in Kind]: string } = {
  implement: "Implement the issue below.",
  "fix-ci": "The checks of your pull request failed.",
  "answer-review": "Your pull request was reviewed.",
  "fix-smoke": "Your change is merged and deployed, and what was checked there afterwards failed.",
  review: "Review the pull request in the workspace against the issue below.",
};

/** Whether a conversation is a run of this kind on the issue with this title. */
export const isAbout =
  (title: string, kind: Kind) =>
  ({ system, task }: Conversation): boolean =>
    system.startsWith(kind === "review" ? "You are Review-E" : "You are Dev-E") &&
    task.startsWith(begins[kind]) &&
    task.includes(`\n${title}\n`);
