/** Messages in #admin about an incident, beside its card: an edited card calls nobody. */
import type { Command, DiscordMessage } from "../../domain/commands.ts";
import type { Incident } from "../../domain/incident.ts";
import type { IncidentContext } from "./reaction.ts";

const RED = 0xc23030;

/** What is critical calls the CTO, once. */
export function callPeople(incident: Incident, { cto, mentions, repository, crowded }: IncidentContext): readonly Command[] {
  // They were called about all the others.
  if (crowded) return [];
  return notice(
    {
      title: `${repository}: ${incident.service} has a critical incident`,
      description: incident.summary,
      fields: [{ name: "Who is asked", value: cto.join(", ") || "Nobody: RIG_CTO names nobody" }],
    },
    mentions,
  );
}

/** GitHub took no issue. */
export const sayThatNothingWasFiled = ({ service, signal }: Incident, error: string, { repository }: Pick<IncidentContext, "repository">) =>
  notice(
    {
      title: `${repository}: no issue could be opened for an incident of ${service}`,
      description: `GitHub refuses it: ${error}. It is tried again when ${signal} changes; until then the card is all there is.`,
      fields: [],
    },
    [],
  );

const notice = (message: Pick<DiscordMessage, "title" | "description" | "fields">, mentions: readonly string[]): readonly Command[] => [
  { kind: "NOTIFY", data: { channel: "admin", message: { ...message, color: RED, mentions: [...mentions] } } },
];
