import { z } from "zod";
import { type Replay, replayOf } from "../store/replay.ts";
import { withDatabase } from "./place.ts";
import { count, plain, table } from "./text.ts";
import { Usage, type Verb } from "./verb.ts";

const none: ReadonlySet<string> = new Set();

/** GitHub's client takes longer to load than all other verbs to answer. */
const askGitHub = async (guids: readonly string[]) => (await import("./github.ts")).askGitHub(guids);

type Outcome = "handed to the worker" | "GitHub was asked for it" | "neither the Rig nor GitHub has it";

export const deliveriesRedeliver: Verb = {
  name: "deliveries redeliver",
  says: "Hands deliveries of GitHub to the worker again. What is not stored here is asked of GitHub, which keeps it for three days.",
  words: [["[guid...]", "deliveries, as X-GitHub-Delivery and the App's page of deliveries name them"]],
  options: [["--failed", "those that were given up, and those that wait and have no job"]],
  finding: "a delivery is neither here nor at GitHub",
  needs: "database, and GitHub for what is not there",
  run: async ({ config, words, options, say }) => {
    if (words.length === 0 && !options.failed) throw new Usage("No delivery is named: name some by their GUID, or say --failed.");
    if (words.length > 0 && options.failed) throw new Usage("GUIDs and --failed exclude each other: leave one of them out.");
    const named = [...new Set(words.map(guidOf))];
    const outcomes = await withDatabase(config, async ({ pool }) => {
      const { failedDeliveries, replayDeliveries } = replayOf(pool);
      const guids = options.failed ? (await failedDeliveries()).map(({ guid }) => guid) : named;
      return replayDeliveries(guids);
    });
    const elsewhere = [...outcomes].filter(([, outcome]) => outcome !== "replayed").map(([guid]) => guid);
    const asked = elsewhere.length > 0 ? await askGitHub(elsewhere) : none;
    const found = [...outcomes].map(([guid, replay]) => ({ guid, outcome: outcomeOf(replay, asked.has(guid)) }));
    say({
      json: found,
      lines:
        found.length === 0
          ? ["No delivery was given up, and none waits without a job."]
          : [
              `${count(found.length, "delivery", "deliveries")}:`,
              ...table(
                ["GUID", "Now"],
                found.map(({ guid, outcome }) => [guid, outcome]),
              ),
            ],
    });
    return elsewhere.length > asked.size;
  },
};

function guidOf(word: string): string {
  if (!z.guid().safeParse(word).success)
    throw new Usage(`${plain(word)} is not a delivery's GUID: write one such as 72d3162e-cc78-11e3-81ab-4c9367dc0958.`);
  return word.toLowerCase();
}

function outcomeOf(replay: Replay, asked: boolean): Outcome {
  if (replay === "replayed") return "handed to the worker";
  return asked ? "GitHub was asked for it" : "neither the Rig nor GitHub has it";
}
