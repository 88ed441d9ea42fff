/** Why a run ends before its agent is done; the reason its signal is given with. */
export type Stop = "time" | "told" | "fenced";

export interface Stopper {
  readonly signal: AbortSignal;
  readonly stop: (why: Stop) => void;
  /** Lets go of the clock and of whoever may tell it to end. */
  readonly done: () => void;
}

/** Ends by the clock, when the job is told to end, or when somebody calls `stop`. The first reason stands. */
export function openStopper(minutes: number, told: AbortSignal): Stopper {
  const controller = new AbortController();
  const stop = (why: Stop) => controller.abort(why);
  const clock = setTimeout(() => stop("time"), minutes * 60_000);
  const onTold = () => stop("told");
  told.addEventListener("abort", onTold, { once: true });
  if (told.aborted) onTold();
  return {
    signal: controller.signal,
    stop,
    done: () => {
      clearTimeout(clock);
      told.removeEventListener("abort", onTold);
    },
  };
}
