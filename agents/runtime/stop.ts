/** Why a run ends before its agent is done; the reason its signals are given with. */
export type Stop = "time" | "told" | "fenced" | "asked";

export interface Stopper {
  /** Ends everything at once. */
  readonly signal: AbortSignal;
  /** No model is asked any more, and nothing new begins; a command under way may still end. */
  readonly asked: AbortSignal;
  readonly stop: (why: Stop) => void;
  /** The Conductor needs the slot: the work is to be kept. What is under way has a little time. */
  readonly ask: () => void;
  /** Lets go of the clocks and of whoever may tell it to end. */
  readonly done: () => void;
}

export interface StopperOptions {
  readonly minutes: number;
  /** How long a command under way may go on once the run is asked to stop. */
  readonly graceMs: number;
  readonly told: AbortSignal;
}

/**
 * Who ends a job kills it ten seconds after telling it (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation):
 * a command under way gets two of them, the rest is for keeping the work.
 */
const TOLD_GRACE = 2_000;

/** Ends by the clock, when the job is told to end, or when somebody calls `stop` or `ask`. The first reason stands. */
export function openStopper({ minutes, graceMs, told }: StopperOptions): Stopper {
  const hard = new AbortController();
  const soft = new AbortController();
  const stop = (why: Stop) => hard.abort(why);
  const clock = setTimeout(() => stop("time"), minutes * 60_000);
  const graces: NodeJS.Timeout[] = [];
  const softly = (why: Stop, ms: number) => {
    soft.abort(why);
    graces.push(setTimeout(() => stop(why), ms));
  };
  const onTold = () => softly("told", Math.min(graceMs, TOLD_GRACE));
  told.addEventListener("abort", onTold, { once: true });
  if (told.aborted) onTold();
  return {
    signal: hard.signal,
    asked: soft.signal,
    stop,
    ask: () => {
      // Asked with every answer of the Conductor: only the first one counts.
      if (!soft.signal.aborted) softly("asked", graceMs);
    },
    done: () => {
      clearTimeout(clock);
      for (const grace of graces) clearTimeout(grace);
      told.removeEventListener("abort", onTold);
    },
  };
}
