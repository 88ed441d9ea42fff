/** CODEOWNERS as stories have it: few lines, each a folder or everything, so that whose a path is can be read at once. */
export const CODEOWNERS = "CODEOWNERS";

export const ownerships = {
  one: "* @maria\n",
  shared: "* @maria\n/db/ @paula\n/src/auth/ @jonas @paula\n",
  team: "* @acme/owners\n/db/ @maria @paula\n",
  nobodys: "* @maria\n/db/\n",
} as const;

export type Ownership = keyof typeof ownerships;

/** Those whom the last line about a path names, without the `@`. */
export function ownersIn(text: string, path: string): readonly string[] {
  const lines = text.split("\n").filter((line) => line !== "");
  const about = lines.findLast((line) => {
    const [where = ""] = line.split(" ");
    return where === "*" || `/${path}`.startsWith(where);
  });
  return (about?.split(" ").slice(1) ?? []).map((name) => name.slice(1));
}
