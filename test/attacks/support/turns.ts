/** So many at once; whoever comes later waits for a place. */
export function turns(atOnce: number): <T>(work: () => Promise<T>) => Promise<T> {
  const lanes: Promise<unknown>[] = Array.from({ length: atOnce }, () => Promise.resolve());
  let next = 0;
  return (work) => {
    const lane = next++ % atOnce;
    const begun = (lanes[lane] ?? Promise.resolve()).then(work);
    lanes[lane] = begun.catch(() => undefined);
    return begun;
  };
}
