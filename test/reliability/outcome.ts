import { issueStream } from "../../app/domain/ids.ts";
import type { Conductor } from "../world/conductor.ts";
import type { World } from "../world/world.ts";
import type { BusyRepository } from "./busy-repository.ts";

/** What is right for an issue that was handed over and whose run waits for a machine. */
export const doneOnce = { history: "ISSUE_APPROVED ISSUE_ASSIGNED RUN_REQUESTED", workflowRuns: 1, comments: 1 };

/** What the Rig did about some issues: by its own history, and as GitHub has it. */
export async function outcomeOf(
  rig: Pick<Conductor, "events">,
  { place, runTitles, statusComments }: BusyRepository,
  issues: readonly number[],
) {
  const titles = await runTitles();
  return Promise.all(
    issues.map(async (number) => {
      const events = await rig.events(issueStream(place.owner, place.repo, number));
      const runs = events.flatMap((event) => (event.type === "RUN_REQUESTED" ? [`Dev-E ${event.data.runId}`] : []));
      return {
        history: events.map(({ type }) => type).join(" "),
        workflowRuns: titles.filter((title) => runs.includes(title)).length,
        comments: await statusComments(number),
      };
    }),
  );
}

/** The issues' cards in Discord; the board beside them is none. */
export const cardsIn = ({ discord }: World) =>
  discord
    .messages(discord.channels["conductor-e"])
    .filter(({ embeds }) => JSON.stringify(embeds).replaceAll("\\", "").includes('"title":"acme/'));
