/** Throws for what GitHub would do and this one does not: leaving it out in silence would please the caller. */
export function unsupported(asked: object | undefined, ...names: readonly string[]): void {
  const met = names.filter((name) => asked && name in asked);
  if (met.length) throw new Error(`The stand-in GitHub does not know ${met.join(", ")}: teach it, or do without.`);
}
