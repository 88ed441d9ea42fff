/** Keeps count of a conversation that somebody else runs: its turns, calls, tokens and dollars, and whether it gets anywhere. */
import { IDLE_TURNS, MALFORMED, MOST_OUTPUT } from "../../bounds.ts";
import { doCalls } from "../../calls.ts";
import { limitReached, stopped, stuck } from "../../endings.ts";
import { changesFiles } from "../../kinds.ts";
import { type Progress, sum, unused } from "../../loop.ts";
import { type Tokens, usdFor } from "../../prices.ts";
import { called, goingRound, idle, noTrail, runs, turned } from "../../progress.ts";
import type { Ending } from "../../tools/tool.ts";
import type { EngineJob } from "../engine.ts";
import type { Came } from "./offer.ts";

const TOO_EARLY: Came = {
  text: "This did not end the run, as a call before it in the same answer failed. Look at what it said, then call this alone.",
  isError: true,
};

/** `end` is called once, with the first thing that ends the run. */
export function keepCount(job: EngineJob, end: (ending: Ending) => void) {
  const { task, tools, toolbox, limits, note, onProgress, testCommand } = job;
  const { model } = task.character.llm;
  const over = AbortSignal.any([toolbox.signal, job.asked]);
  let progress: Progress = unused;
  let trail = noTrail;
  let malformed = 0;
  let output = 0;
  let failed = false;
  let ended = false;
  let busy = false;
  let nudges: string[] = [];
  const made = (more: Partial<Progress>) => {
    progress = { ...progress, ...more };
    onProgress(progress);
  };
  const finish = (ending: Ending) => {
    if (ended) return;
    ended = true;
    end(ending);
  };
  // A command under way may still end when the run is only asked to stop.
  const onOver = () => {
    if (!busy || toolbox.signal.aborted) finish(stopped(over.reason));
  };
  over.addEventListener("abort", onOver);
  if (over.aborted) onOver();

  return {
    finish,
    /** How many calls there were. */
    calls: (): number => progress.toolCalls,
    begin: () => {
      if (progress.turns >= limits.turns) return finish(limitReached(`It used all of its ${limits.turns} turns.`));
      failed = false;
      made({ turns: progress.turns + 1 });
      if (!changesFiles(task.kind) || !job.treeSha || progress.turns === 1) return;
      trail = turned(trail, `${job.treeSha()} ${progress.testRuns}`);
      hear(idle(trail, job.idleTurns ?? IDLE_TURNS));
    },
    paid: (tokens: Tokens) => {
      made({ usd: progress.usd + usdFor(model, tokens), tokens: sum(progress.tokens, tokens) });
      // A call under way may still end.
      if (!busy) withinDollars();
    },
    call: async (name: string, input: unknown): Promise<Came> => {
      const came = await said(name, input);
      // Nothing is heard any more, so nothing more is asked while the program is being ended.
      return ended || !came ? new Promise(() => {}) : came;
    },
    close: () => over.removeEventListener("abort", onOver),
  };

  async function said(name: string, input: unknown): Promise<Came | undefined> {
    if (ended) return undefined;
    trail = called(trail, `${name} ${JSON.stringify(input)}`);
    made({ sameCalls: trail.sameCalls });
    hear(goingRound(trail));
    if (ended) return undefined;
    busy = true;
    try {
      return await act(name, input);
    } catch (error) {
      if (!over.aborted) throw error;
      return undefined;
    } finally {
      busy = false;
      if (over.aborted) onOver();
      else withinDollars();
    }
  }

  function withinDollars(): void {
    if (progress.usd >= limits.usd) finish(limitReached(`It used $${progress.usd.toFixed(2)} of its $${limits.usd}.`));
  }

  function hear(standstill: ReturnType<typeof goingRound>): void {
    if (standstill && "stuck" in standstill) finish(stuck(standstill.stuck));
    else if (standstill) nudges.push(standstill.nudge);
  }

  async function act(name: string, input: unknown): Promise<Came | undefined> {
    const call = { type: "tool_use" as const, id: `${progress.toolCalls + 1}`, name, input, caller: { type: "direct" as const } };
    const onCall = () => made({ toolCalls: progress.toolCalls + 1, testRuns: progress.testRuns + (runs(call, testCommand) ? 1 : 0) });
    const done = await doCalls([call], { tools, toolbox, over, onCall });
    if (done.end && failed) return TOO_EARLY;
    if (done.end) finish(done.end);
    const [one] = done.said;
    if (!one) return undefined;
    const { text, isError } = one;
    note("tool", { id: call.id, name, text, isError });
    failed ||= isError;
    malformed = one.malformed ? malformed + 1 : 0;
    if (malformed >= MALFORMED) finish(stuck(`${malformed} calls in a row were malformed. The last one: ${text.slice(0, 300)}`));
    output += Buffer.byteLength(text);
    if (output > (job.mostOutput ?? MOST_OUTPUT))
      finish(limitReached(`Its tools have said ${output} bytes in all: more than one run may read.`));
    const words = nudges;
    nudges = [];
    for (const text of words) note("user", { text });
    return { text: [text, ...words].join("\n\n"), isError };
  }
}

export type Count = ReturnType<typeof keepCount>;
