/** P14: who waits is remembered at each interval at most once, in order, and each level of people is asked once. */
import { at, type Oracle } from "./oracle.ts";

const HALF_HOUR_MS = 30 * 60_000;
const FOUR_HOURS_MS = 4 * 60 * 60_000;

interface Waiting {
  readonly since: number;
  /** When the first level was asked. */
  readonly first: number;
  nth: number;
  level: string;
}

export const remindedOnce: Oracle = ({ journal }) => {
  const wrong: string[] = [];
  const gates = new Map<string, Waiting>();
  const escalations = new Map<string, Waiting>();
  for (const { stream, events, at: when } of journal.entries) {
    const say = (what: string) => wrong.push(`${at(when)} ${stream}: ${what}.`);
    for (const event of events) {
      const now = (event.occurredAt ?? when).getTime();
      const key = `${stream} ${"gate" in event.data ? event.data.gate : ""}`;
      if (event.type === "HUMAN_GATE_TRIGGERED") gates.set(key, { since: now, first: now, nth: 0, level: "" });
      if (event.type === "HUMAN_GATE_REMINDER") reminded(gates.get(key), event.data.nth, now, "a gate", say);
      if (event.type === "ESCALATION_REMINDED") reminded(escalations.get(stream), event.data.nth, now, "an escalation", say);
      if (event.type === "ESCALATED") {
        const { about, level } = event.data;
        const open = escalations.get(stream);
        if (open?.level === `${about} ${level}`) say(`${level} is asked a second time about ${about}`);
        if (level === "everyone" && (!open || now - open.since < FOUR_HOURS_MS)) say("everyone is asked too early");
        const longest = Math.max(...[...gates].filter(([gate]) => gate.startsWith(`${stream} `)).map(([, { since }]) => now - since));
        if (about === "gate" && longest < FOUR_HOURS_MS) say("people are asked too early about a gate");
        escalations.set(stream, { since: now, first: (level === "everyone" && open?.first) || now, nth: 0, level: `${about} ${level}` });
      }
      if (["ESCALATION_RESOLVED", "ISSUE_RELEASED", "RETRY_REQUESTED", "ISSUE_WITHDRAWN", "ISSUE_DONE"].includes(event.type))
        escalations.delete(stream);
      if (event.type === "HUMAN_GATE_APPROVED" || event.type === "HUMAN_GATE_VOIDED") {
        gates.delete(key);
        if (!stillAsked(gates, stream, escalations.get(stream))) escalations.delete(stream);
      }
    }
  }
  return wrong;
};

/** Whether the people who were asked about several gates still have one to decide about. */
const stillAsked = (gates: ReadonlyMap<string, Waiting>, stream: string, asked: Waiting | undefined): boolean =>
  [...gates].some(([key, { since }]) => key.startsWith(`${stream} `) && asked !== undefined && since <= asked.first);

function reminded(waiting: Waiting | undefined, nth: number, now: number, what: string, say: (what: string) => void): void {
  if (nth <= (waiting?.nth ?? Number.POSITIVE_INFINITY)) say(`${what} is remembered for the ${nth}th time after the ${waiting?.nth}th`);
  if (!waiting) return;
  if (now < waiting.since + nth * HALF_HOUR_MS) say(`${what} is remembered too early`);
  waiting.nth = nth;
}
