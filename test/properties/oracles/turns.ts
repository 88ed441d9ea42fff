/** P12: whose turn it is. Critical before high before normal, what was interrupted first in its class, then who was approved first. */
import { dependenciesIn } from "../../../app/domain/dependencies.ts";
import type { IssueRow } from "../../../app/store/issues.ts";
import { eventsOf } from "../rig/journal.ts";
import { at, type Oracle } from "./oracle.ts";

type Row = IssueRow & { readonly setAside?: boolean };

const classes = { critical: 0, high: 1, normal: 2 };

const isBefore = (a: Row, b: Row): boolean => {
  if (a.priority !== b.priority) return classes[a.priority] < classes[b.priority];
  if (a.setAside !== b.setAside) return a.setAside === true;
  const [one, other] = [a.approvedAt?.getTime() ?? 0, b.approvedAt?.getTime() ?? 0];
  return one === other ? a.number < b.number : one < other;
};

export const everybodyInTurn: Oracle = ({ journal }) =>
  eventsOf(journal, "ISSUE_ASSIGNED").flatMap(({ entry, data }) => {
    const mine = entry.queue.find(({ stream }) => stream === entry.stream);
    if (!mine) return [`${at(entry.at)} ${entry.stream}: it was not in the queue.`];
    return entry.queue
      .filter((other) => other !== mine && isBefore(other, mine) && other.avoids !== data.agentId)
      .map((other) => `${at(entry.at)} ${entry.stream} gets ${data.agentId} before ${other.stream}, whose turn it was.`);
  });

/** What has to be done first is done first, as the approved text says it. */
export const dependenciesFirst: Oracle = ({ journal }) =>
  eventsOf(journal, "ISSUE_ASSIGNED").flatMap(({ entry: { facts, events, number, stream, at: when } }) => {
    if (!facts || !events.some(({ type }) => type === "RUN_REQUESTED")) return [];
    return dependenciesIn(facts.body, { owner: "acme", repo: "shop", number })
      .map((ref) => Number(ref.split("#")[1]))
      .filter((ref) => facts.openIssues.has(ref))
      .map((ref) => `${at(when)} ${stream} begins before #${ref}, on which it depends.`);
  });

/** Where nothing is left to do now, a critical issue does not wait for one that is not. */
export const criticalIsNext: Oracle = ({ memory, jobs, now }) => {
  if (jobs.due(now()).length > 0) return [];
  const waiting = memory.rows().filter(({ state, ready, priority }) => state === "queued" && ready && priority === "critical");
  const working = [...memory.projections.values()].filter(({ assignment }) => assignment);
  const slots = working.filter(({ issue, runs }) => {
    const run = runs.findLast(({ agent }) => agent === "dev-e");
    return issue.priority !== "critical" && run !== undefined && !run.fenced;
  });
  return waiting.length > 0 && slots.length > 0 && slots.length === working.length && !asked(memory)
    ? [
        `${waiting.map(({ stream }) => stream).join(", ")} waits, and ${slots.map(({ issue }) => issue.stream).join(", ")} is not asked to make room.`,
      ]
    : [];
};

const asked = ({ streams }: Parameters<Oracle>[0]["memory"]): boolean =>
  [...streams.values()].some((events) => events.some(({ type }) => type === "CHECKPOINT_REQUESTED"));
