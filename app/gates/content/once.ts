/** What is derived from a piece of data, worked out when it is first asked for and kept as long as that is. */
export function onceFor<K extends object, V extends object>(derive: (from: K) => V): (from: K) => V {
  const kept = new WeakMap<K, V>();
  return (from) => {
    const known = kept.get(from);
    if (known !== undefined) return known;
    const value = derive(from);
    kept.set(from, value);
    return value;
  };
}
