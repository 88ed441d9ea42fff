/** P3: when an issue has used its attempts up, nothing is dispatched until a person decides, and people are asked once. */
import type { NewEvent } from "../../../app/store/append.ts";
import { at, type Oracle } from "./oracle.ts";

const ATTEMPTS = 2;

interface Count {
  strikes: number;
  granted: number;
  asked: boolean;
  escalated: boolean;
  readonly reviews: Set<string>;
}

export const attemptsAreBounded: Oracle = ({ journal }) => {
  const counts = new Map<string, Count>();
  const wrong: string[] = [];
  for (const { stream, events, at: when } of journal.entries) {
    const count = counts.get(stream) ?? { strikes: 0, granted: 0, asked: false, escalated: false, reviews: new Set() };
    counts.set(stream, count);
    for (const event of events) {
      const used = count.strikes >= ATTEMPTS + count.granted;
      if (event.type === "RUN_REQUESTED" && used) wrong.push(`${at(when)} ${stream}: a run is asked for after ${count.strikes} strikes.`);
      if (event.type === "ESCALATED" && event.data.about === "strikes" && event.data.level === "cto") {
        if (count.asked) wrong.push(`${at(when)} ${stream}: people are asked again about the same strikes.`);
        if (!used) wrong.push(`${at(when)} ${stream}: people are asked after ${count.strikes} strikes.`);
        count.asked = true;
      }
      heard(count, event);
    }
  }
  return wrong;
};

function heard(count: Count, event: NewEvent): void {
  switch (event.type) {
    case "RUN_REQUESTED":
      if (event.data.kind === "review") count.reviews.add(event.data.runId);
      break;
    case "AGENT_STUCK":
      if (event.data.cause === "agent" && !count.reviews.has(event.data.runId)) count.strikes += 1;
      break;
    case "ESCALATED":
      count.escalated = true;
      break;
    case "RETRY_REQUESTED":
      Object.assign(count, { granted: count.granted + 1, asked: false, escalated: false });
      break;
    case "ISSUE_RELEASED":
      if (count.escalated) Object.assign(count, { strikes: 0, granted: 0, escalated: false });
      count.asked = false;
      break;
    case "ESCALATION_RESOLVED":
      if (event.data.decision === "override") count.granted += 1;
      else if (event.data.decision !== "close") Object.assign(count, { strikes: 0, granted: 0 });
      Object.assign(count, { asked: false, escalated: false });
      break;
    case "COUNTERS_RESET":
      Object.assign(count, { strikes: 0, granted: 0, asked: false });
      break;
    case "ISSUE_WITHDRAWN":
      Object.assign(count, { asked: false, escalated: false });
      break;
    default:
  }
}
