import type { ConfigKey } from "./config-keys.ts";
import { plain } from "./text.ts";
import { Usage, type Verb } from "./verb.ts";

export const configExplain: Verb = {
  name: "config explain",
  says: "What may stand in a rig.yml: every key with its default and what it means.",
  words: [["[key]", "one key, such as `merge.method`, or all below one, such as `limits`"]],
  options: [],
  needs: "nothing",
  run: async ({ words: [key], say }) => {
    const all = (await import("./config-keys.ts")).configKeys();
    const found = key === undefined ? all : all.filter((one) => isBelow(one.key, key));
    if (found.length === 0) throw new Usage(`${plain(key ?? "")} is not a key of rig.yml: \`rig config explain\` lists them all.`);
    say({
      json: found.map(({ fallback, ...one }) => ({ ...one, default: fallback ?? null })),
      lines: found.flatMap((one, nth) => [...(nth > 0 ? [""] : []), ...explained(one)]),
    });
    return false;
  },
};

/** `gates.auth.paths` asks for `gates.<name>.paths`. */
function isBelow(key: string, asked: string): boolean {
  const names = key.split(".");
  return asked.split(".").every((part, nth) => names[nth] === part || (names[nth] === "<name>" && part !== ""));
}

const explained = ({ key, type, fallback, says }: ConfigKey): readonly string[] => [
  `${key}: ${type.replaceAll("`", "")}${fallback === undefined ? "" : `, default ${JSON.stringify(fallback)}`}`,
  `  ${says.replaceAll("`", "")}`,
];
