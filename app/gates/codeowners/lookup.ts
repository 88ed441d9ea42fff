import { covers, keysIn, keysOf, type Segments, segmentsOf } from "./pattern.ts";

interface Candidate {
  readonly order: number;
  readonly segments: Segments;
  readonly keys: readonly string[];
}

/**
 * Finds the last rule whose pattern covers a path. A rule is kept under the rarest of its keys, and only rules under a key of the path are
 * asked: few, of 10,000.
 */
export function lastMatch<R extends { readonly pattern: string }>(rules: readonly R[]): (path: string) => R | undefined {
  const byKey = index(candidatesOf(rules));
  return (path) => {
    const names = path.split("/");
    let last = -1;
    for (const key of keysOf(names)) {
      const found = byKey.get(key)?.findLast(({ order, segments }) => order <= last || covers(segments, names));
      if (found && found.order > last) last = found.order;
    }
    return rules[last];
  };
}

/** In the order of the rules; of several with one pattern only the last can ever decide. */
function candidatesOf(rules: readonly { readonly pattern: string }[]): readonly Candidate[] {
  const lastOf = new Map(rules.map(({ pattern }, order) => [pattern, order]));
  return rules.flatMap(({ pattern }, order) => {
    if (lastOf.get(pattern) !== order) return [];
    const segments = segmentsOf(pattern);
    return [{ order, segments, keys: keysIn(segments) }];
  });
}

function index(candidates: readonly Candidate[]): ReadonlyMap<string, readonly Candidate[]> {
  const counts = new Map<string, number>();
  for (const { keys } of candidates) for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  const byKey = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const rarest = candidate.keys.reduce((least, key) => ((counts.get(key) ?? 0) < (counts.get(least) ?? 0) ? key : least));
    const known = byKey.get(rarest);
    if (known) known.push(candidate);
    else byKey.set(rarest, [candidate]);
  }
  return byKey;
}
