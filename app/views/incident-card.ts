import type { Rendering } from "../domain/commands.ts";
import { cut } from "../domain/escape.ts";
import type { Severity, Suspect } from "../domain/events.ts";
import type { Incident } from "../domain/incident.ts";
import { ago } from "./people-needed.ts";

const GREEN = 0x0f9960;
const AMBER = 0xd9822b;
const colors: { readonly [S in Severity]: number } = { critical: 0xc23030, warning: AMBER, info: 0x137cbd };

const MOST_WORDS = 500;
const MOST_SUSPECTS = 5;

/** One card an incident in #admin, edited in place; an edited message calls nobody. `repository` is `owner/name`. */
export function incidentCard(incident: Incident, repository: string): Rendering {
  const { severity, service, signal, source, summary, nth, open, flapping, startedAt, suspects, issue, diagnosis } = incident;
  const field = (name: string, value: string) => (value === "" ? [] : [{ name, value, inline: true }]);
  // The address of the repository's pages, as its issue shows it.
  const home = issue?.url.replace(/\/issues\/\d+$/, "");
  return {
    surface: "incident-card",
    message: {
      title: `${repository}: incident of ${service}: ${signal}`,
      ...(issue ? { url: issue.url } : {}),
      color: open ? (flapping ? AMBER : colors[severity]) : GREEN,
      description: cut(summary, MOST_WORDS),
      fields: [
        ...field("State", stateOf(incident)),
        ...field("Severity", severity),
        ...field("Source", source),
        ...field("Since", ago(startedAt)),
        ...field("Issue", issue?.url ?? "none"),
        ...field("Time", nth > 1 ? String(nth) : ""),
        ...field(
          "Suspects",
          suspects
            .slice(0, MOST_SUSPECTS)
            .map((one) => nameOf(one, home))
            .join("\n") || "nothing was deployed",
        ),
        ...field("Monitor-E thinks", diagnosis ? cut(`${diagnosis.cause} (confidence: ${diagnosis.confidence})`, MOST_WORDS) : ""),
      ],
      mentions: [],
    },
  };
}

function stateOf({ open, flapping, durationMinutes = 0 }: Incident): string {
  if (!open) return durationMinutes < 1 ? "over, after less than a minute" : `over, after ${Math.round(durationMinutes)} minutes`;
  return flapping ? "comes and goes: nothing more is said until it has been quiet" : "open";
}

function nameOf({ sha, prNumber, deployedAt }: Suspect, home: string | undefined): string {
  const change = prNumber ? (home ? `${home}/pull/${prNumber}` : `pull request ${prNumber}`) : "not by the Rig";
  return `${change} (${sha.slice(0, 7)}), ${ago(new Date(deployedAt))}`;
}
