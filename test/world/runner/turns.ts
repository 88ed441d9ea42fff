import type { ConcurrencySetting } from "./concurrency.ts";
import type { Run, Services, ShownJob } from "./run.ts";

/** Why GitHub itself cancelled; nothing where a person or an App did. */
export const whyCancelled = ({ aborted, reason }: AbortSignal): { readonly annotation?: string } =>
  aborted && typeof reason === "string" ? { annotation: reason } : {};

/** Waits for its turn in each group; answers the way out of all. */
export async function enterGroups(
  { groups, changed }: Services,
  run: Run,
  settings: readonly (ConcurrencySetting | undefined)[],
  own: AbortController,
  shown?: ShownJob,
): Promise<() => void> {
  const waits = (waiting: boolean) => {
    if (shown) shown.stage = waiting ? "waiting" : "queued";
    else run.waits += waiting ? 1 : -1;
    changed();
  };
  const signal = AbortSignal.any([own.signal, run.cancelled.signal, run.dead.signal]);
  const exits: (() => void)[] = [];
  for (const setting of settings) {
    if (setting) exits.push(await groups.enter(setting, { run: run.record, cancel: (why) => own.abort(why), waits, signal }));
  }
  return () => {
    for (const exit of exits.toReversed()) exit();
  };
}
