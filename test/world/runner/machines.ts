/** The machines jobs run on: a few alike, with labels. */
export function machines(count: number, labels: readonly string[]) {
  const paused = new Set<string>();
  let free = count;
  let waiting: { readonly labels: readonly string[]; readonly start: () => void }[] = [];

  let away = false;

  const serves = (wanted: readonly string[]) =>
    !away && wanted.every((label) => labels.some((own) => own.toLowerCase() === label.toLowerCase()) && !paused.has(label.toLowerCase()));

  function next(): void {
    const job = free > 0 ? waiting.find((candidate) => serves(candidate.labels)) : undefined;
    if (!job) return;
    waiting = waiting.filter((other) => other !== job);
    free -= 1;
    job.start();
    next();
  }

  return {
    serves,
    /** Waits for a machine with these labels and answers how to give it back; nothing when `signal` gave up. */
    async acquire(wanted: readonly string[], signal: AbortSignal): Promise<(() => void) | undefined> {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const job = { labels: wanted, start: () => resolve(true) };
      const giveUp = () => {
        waiting = waiting.filter((other) => other !== job);
        resolve(false);
      };
      signal.addEventListener("abort", giveUp);
      waiting.push(job);
      if (signal.aborted) giveUp();
      else next();
      const started = await promise;
      signal.removeEventListener("abort", giveUp);
      if (!started) return undefined;
      return () => {
        free += 1;
        next();
      };
    },
    /** Without a label: all machines. */
    pause(label?: string): void {
      if (label === undefined) away = true;
      else paused.add(label.toLowerCase());
    },
    resume(label?: string): void {
      if (label === undefined) away = false;
      else paused.delete(label.toLowerCase());
      next();
    },
  };
}
