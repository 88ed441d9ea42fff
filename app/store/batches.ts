/** What arrives while a transaction is under way goes together into the next one: one flush of the disk serves them all. */
export interface Batching<T> {
  /** Most of a batch, in whatever `weigh` counts. */
  readonly most: number;
  readonly weigh: (item: T) => number;
  /** Batches under way at once. */
  readonly atOnce: number;
}

/** Hands items to `run` in batches; `run` answers once for each, in their order. What it throws, every item of the batch gets. */
export function inBatches<T, R>(
  { most, weigh, atOnce }: Batching<T>,
  run: (items: readonly T[]) => Promise<readonly R[]>,
): (item: T) => Promise<R> {
  let waiting: { readonly item: T; readonly resolve: (answer: R) => void; readonly reject: (error: unknown) => void }[] = [];
  let underWay = 0;

  async function work(): Promise<void> {
    underWay += 1;
    while (waiting.length > 0) {
      const batch = waiting.slice(
        0,
        fitting(
          waiting.map(({ item }) => weigh(item)),
          most,
        ),
      );
      waiting = waiting.slice(batch.length);
      try {
        const answers = await run(batch.map(({ item }) => item));
        for (const [index, { resolve, reject }] of batch.entries()) {
          if (index < answers.length) resolve(answers[index] as R);
          else reject(new Error(`A batch of ${batch.length} was answered for ${answers.length}.`));
        }
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    underWay -= 1;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (underWay < atOnce) void work();
    });
}

/** How many of these weights go together; one always does. */
function fitting(weights: readonly number[], most: number): number {
  let sum = 0;
  const tooMuch = weights.findIndex((weight, index) => {
    sum += weight;
    return index > 0 && sum > most;
  });
  return tooMuch < 0 ? weights.length : tooMuch;
}
