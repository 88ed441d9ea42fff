/** Chance that can be had again: a test prints its seed, and `SEED` in the environment brings it back. */
export function seeded(seed = Number(process.env.SEED ?? Math.trunc(Math.random() * 2 ** 31))) {
  let state = seed >>> 0;
  /** Mulberry32: 32 bits of state are plenty for choosing moments. */
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number): number => low + next() * (high - low);
  return {
    seed,
    between,
    chance: (share: number): boolean => next() < share,
    shuffled: <T>(list: readonly T[]): readonly T[] =>
      list
        .map((item) => [next(), item] as const)
        .sort(([one], [other]) => one - other)
        .map(([, item]) => item),
  };
}
