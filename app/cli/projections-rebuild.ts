import { refold } from "../store/rebuild.ts";
import { repositoriesOf } from "../store/repositories.ts";
import { foldWith } from "./fold.ts";
import { withDatabase } from "./place.ts";
import { count, table } from "./text.ts";
import type { Verb } from "./verb.ts";

export const projectionsRebuild: Verb = {
  name: "projections rebuild",
  says: "Folds the whole history again and makes the tables show what it adds up to, while the app goes on.",
  words: [],
  options: [["--check", "change nothing, only tell where the tables show something else than history says"]],
  finding: "`--check`, and the tables differ",
  needs: "database",
  run: async ({ config, options, say }) => {
    const check = options.check === true;
    const begun = performance.now();
    const found = await withDatabase(config, async ({ pool }) =>
      refold(pool, foldWith(await repositoriesOf(pool).repositories()), check ? "compare" : "write"),
    );
    const seconds = Number(((performance.now() - begun) / 1000).toFixed(1));
    const { streams, events, differences } = found;
    const differ =
      differences.length === 0
        ? "The tables showed what it says."
        : `${count(differences.length, "stream")} differed${check ? ": `rig projections rebuild` makes them right." : " and were written again."}`;
    say({
      json: { streams, events, seconds, differences, written: check ? 0 : differences.length },
      lines: [
        `Folded ${count(events, "event")} of ${count(streams, "stream")} in ${seconds} s. ${differ}`,
        ...(differences.length === 0
          ? []
          : table(
              ["Stream", "Where"],
              differences.map(({ stream, parts }) => [stream, parts]),
            )),
      ],
    });
    return check && differences.length > 0;
  },
};
