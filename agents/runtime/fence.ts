/** Somebody's words inside Markdown: no run of backticks in them can end the block they stand in (R21). */
export function fence(text: string): string {
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const bar = "`".repeat(Math.max(3, longest + 1));
  return `${bar}text\n${text}\n${bar}`;
}
