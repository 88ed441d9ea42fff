/** The files of the shop: as they are at first, and as whoever works on them leaves them. */
import type { Tree } from "../github/commits.ts";
import type { Edits } from "../github/pushing.ts";

interface Kind {
  readonly path: string;
  /** What a person would have to look at, who knows what the file is. */
  readonly gates: readonly string[];
  /** Absent: there is no such file at first. */
  readonly first?: string;
  readonly text: (variant: string) => string;
}

const manifest = (more: string): string => `{\n  "name": "shop",\n  "dependencies": {\n${more}    "express": "5.1.0"\n  }\n}\n`;

export const kinds: readonly Kind[] = [
  {
    ...{ path: "src/price.mjs", gates: [], first: "export const price = (cents) => cents;\n" },
    text: (variant) => `export const price = (cents) => cents;\nexport const revision = "${variant}";\n`,
  },
  {
    ...{ path: "docs/prices.md", gates: [] },
    text: (variant) => `# Prices\n\nRevision ${variant}.\n`,
  },
  {
    ...{ path: "db/migrations/0001.sql", gates: ["schema"] },
    text: (variant) => `alter table tills add column tip_${variant} integer;\n`,
  },
  {
    ...{ path: "src/auth/session.mjs", gates: ["auth"], first: "export const minutes = 30;\n" },
    text: (variant) => `export const minutes = 30;\nexport const cookie = "${variant}";\n`,
  },
  {
    ...{ path: "package.json", gates: ["dependencies"], first: manifest("") },
    text: (variant) => manifest(`    "pad-${variant}": "1.3.0",\n`),
  },
  {
    ...{ path: "src/tidy.mjs", gates: ["deletion"], first: "export const tidy = () => {};\n" },
    text: (variant) => `export const tidy = (db) => db.query("DELETE FROM receipts_${variant} WHERE paid");\n`,
  },
];

/** What people have to look at in a change of such a file. */
export const gatesOf = (path: string): readonly string[] => kinds.find((kind) => kind.path === path)?.gates ?? [];

/** How somebody leaves these files; of another variant they are other files. */
export const edits = (paths: readonly string[], variant: string): Edits =>
  new Map(kinds.filter(({ path }) => paths.includes(path)).map(({ path, text }) => [path, text(variant)]));

export const firstTree = (more: Edits): Tree =>
  new Map([...kinds.flatMap(({ path, first }) => (first === undefined ? [] : [[path, first] as const])), ...more]);
