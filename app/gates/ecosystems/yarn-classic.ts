/** One entry of yarn 1's lockfile. */
export interface ClassicEntry {
  readonly descriptors: readonly string[];
  readonly version?: string;
  readonly resolved?: string;
}

const LONGEST_LINE = 20_000;
const WORD = /"(?:[^"\\]|\\.)*"|[^\s,"]+/g;
const FIELD = /^ {2}"?(version|resolved)"?:? +(.+)$/;

export const isClassic = (text: string): boolean => /^# yarn lockfile v1\b/m.test(text.slice(0, 1_000));

/** Only the lines that tell what is installed: yarn's own grammar takes several times as long. */
export function readClassic(text: string): readonly ClassicEntry[] {
  const entries: { descriptors: readonly string[]; version?: string; resolved?: string }[] = [];
  for (const raw of text.split("\n")) {
    if (raw.length > LONGEST_LINE) throw new Error("a line is too long");
    const line = raw.trimEnd();
    if (line === "" || line.trimStart().startsWith("#")) continue;
    if (line[0] !== " " && line[0] !== "\t") {
      if (!line.endsWith(":")) throw new Error("a line begins no entry");
      entries.push({ descriptors: [...line.slice(0, -1).matchAll(WORD)].map(([word]) => unquoted(word)) });
      continue;
    }
    // Most lines are something else, and deeper ones never tell it.
    if (!'vr"'.includes(line[2] ?? " ")) continue;
    const [, field, value = ""] = FIELD.exec(line) ?? [];
    const entry = entries.at(-1);
    if (entry && field === "version") entry.version = unquoted(value);
    if (entry && field === "resolved") entry.resolved = unquoted(value);
  }
  return entries;
}

const unquoted = (word: string): string => (word.startsWith('"') ? String(JSON.parse(word)) : word);
