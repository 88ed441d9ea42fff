/** What stands below an incident's issue. */
import type { Command } from "../../domain/commands.ts";
import { goneSince, type Incident } from "../../domain/incident.ts";
import { strangersBlock } from "../../domain/strangers-text.ts";
import { utc } from "./issue.ts";
import type { IncidentReaction } from "./reaction.ts";

const MOST_DIAGNOSIS = 8_000;

const commentOn = ({ issue }: Incident, body: string): readonly Command[] =>
  issue ? [{ kind: "COMMENT", data: { number: issue.number, body } }] : [];

export const sayThatItIsBack = (incident: Incident): readonly Command[] =>
  commentOn(
    incident,
    `The signal is back since ${utc(incident.startedAt)}: it is time ${incident.nth}. This issue is still open, so it stands for that, too.`,
  );

export const sayHowGraveItIs = (incident: Incident): readonly Command[] =>
  commentOn(incident, `The signal is ${incident.severity} now. The labels stay as they are: people decide whether it interrupts.`);

export const sayThatItIsOver = (incident: Incident): readonly Command[] =>
  commentOn(
    incident,
    `The signal has been gone since ${utc(goneSince(incident))}; it lasted ${lasted(incident.durationMinutes ?? 0)}. This issue stays as it is: its own fix closes it, or a person does.`,
  );

export const sayDiagnosis: IncidentReaction<"INCIDENT_DIAGNOSED"> = ({ diagnosis }, { after }) => {
  const { cause, confidence, evidence, suspect, next } = diagnosis;
  const words = [
    cause,
    ...(evidence.length > 0 ? [`Evidence:\n${evidence.map((one) => `- ${one}`).join("\n")}`] : []),
    ...(suspect ? [`Suspect: ${suspect}`] : []),
    `Next: ${next}`,
  ].join("\n\n");
  return commentOn(
    after,
    `Monitor-E looked for the cause; its confidence is ${confidence}. These are its words, and nobody has checked them:\n\n${strangersBlock(words, MOST_DIAGNOSIS)}`,
  );
};

const lasted = (minutes: number): string =>
  minutes < 1 ? "less than a minute" : `${Math.round(minutes)} minute${Math.round(minutes) === 1 ? "" : "s"}`;
