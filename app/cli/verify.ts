import { sealsOf } from "../store/seals.ts";
import { withDatabase } from "./place.ts";
import { count } from "./text.ts";
import type { Verb } from "./verb.ts";

export const verify: Verb = {
  name: "verify",
  says: "Whether the sealed history is still what was sealed.",
  words: [],
  options: [],
  finding: "a sealed block does not hold",
  needs: "database",
  run: async ({ config, say }) => {
    const blocks = await withDatabase(config, ({ pool }) => sealsOf(pool).verifySeals());
    const broken = blocks.find(({ intact }) => !intact);
    const to = blocks.at(-1)?.to ?? 0;
    say({
      json: { blocks: blocks.length, to, intact: !broken, firstBroken: broken ? { from: broken.from, to: broken.to } : null },
      lines: [
        broken
          ? `Of ${count(blocks.length, "sealed block")}, the one of positions ${broken.from} to ${broken.to} is the first that does not hold: its events, or its seal, were changed after it was sealed. Compare it with a backup and with the hashes published outside.`
          : blocks.length === 0
            ? "Nothing is sealed yet: the app seals once a minute."
            : `${count(blocks.length, "sealed block")} hold: the events up to position ${to} are what was sealed.`,
      ],
    });
    return broken !== undefined;
  },
};
