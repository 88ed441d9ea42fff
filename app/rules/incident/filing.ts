import { z } from "zod";
import { IssueNumber } from "../../domain/ids.ts";
import { filesOf } from "../../domain/incident.ts";
import { type IncidentRule, nothing } from "./rule.ts";

const Filed = z.object({ number: IssueNumber, url: z.string(), bodyHash: z.string() });

/** GitHub has opened the issue of this time. */
export const filing: IncidentRule = ({ incident, effects }) => {
  if (!incident || incident.issue) return nothing;
  const filed = filesOf(incident, effects).find(({ state }) => state === "confirmed");
  if (!filed) return nothing;
  const { number: issueNumber, url, bodyHash } = Filed.parse(filed.response);
  return { events: [{ type: "INCIDENT_FILED", data: { fingerprint: incident.fingerprint, issueNumber, url, bodyHash } }] };
};
