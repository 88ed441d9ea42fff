/** CODEOWNERS as GitHub reads it: https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners */
import picomatch from "picomatch";

/** `owners` may be empty: the line takes ownership away. */
export interface OwnersRule {
  readonly pattern: string;
  readonly owners: readonly string[];
  readonly matches: (path: string) => boolean;
}

/** GitHub ignores a file of 3 MB or more. */
const TOO_LARGE = 3 * 1024 * 1024;
const OWNER = /^(@[\w.-]+(\/[\w.-]+)?|[^\s@]+@[^\s@]+)$/;
/** Syntax of .gitignore that GitHub does not take in CODEOWNERS. */
const UNSUPPORTED = /^!|[[\]]|^\\#/;

/** Reads the valid lines; an invalid line is skipped, as GitHub does. Undefined where the whole file does not count. */
export function parseOwners(text: string): readonly OwnersRule[] | undefined {
  if (Buffer.byteLength(text) >= TOO_LARGE) return undefined;
  return text.split(/\r?\n/).flatMap((line) => {
    const [pattern, ...rest] = line.trim().split(/(?<!\\)\s+/);
    if (!pattern || pattern.startsWith("#") || UNSUPPORTED.test(pattern)) return [];
    const comment = rest.findIndex((word) => word.startsWith("#"));
    const owners = comment < 0 ? rest : rest.slice(0, comment);
    return owners.every((owner) => OWNER.test(owner)) ? [{ pattern, owners, matches: matcher(pattern.replaceAll("\\ ", " ")) }] : [];
  });
}

/** The owners of a path: the last line that matches decides. Empty where nobody owns it. */
export const ownersOf = (rules: readonly OwnersRule[], path: string): readonly string[] =>
  rules.findLast(({ matches }) => matches(path))?.owners ?? [];

function matcher(pattern: string): (path: string) => boolean {
  const anchored = pattern.replace(/\/$/, "").includes("/");
  const body = pattern.replace(/^\//, "");
  const inside = body.endsWith("/") ? `${body}**` : body;
  // A name without a trailing slash also means everything below a folder of that name; `docs/*` does not reach deeper.
  const globs = inside === body && !/(^|\/)\*$/.test(body) ? [inside, `${inside}/**`] : [inside];
  const rooted = globs.map((glob) => (anchored || glob.startsWith("**/") ? glob : `**/${glob}`));
  return picomatch(rooted, { dot: true, nobrace: true, nobracket: true, noextglob: true, nonegate: true, nocase: false });
}
