/** P19: every state has a way onward, and everybody can read which. */
import { at, type Oracle } from "./oracle.ts";

/** Whoever or whatever may move an issue on. */
const mover =
  /`\/rig |\bperson\b|\bagent-ready\b|dev-e-\d|Review-E|GitHub|CODEOWNERS|@\w+|when that is closed|when an (agent|instance)|checks|merged|deploy|goes on by itself|Unlock|closed|close one of them|It is not open|Done|not here any more|a code owner|label|requested changes|approving review/;

export const everybodyKnowsWhy: Oracle = ({ journal }) =>
  journal.entries
    .filter(({ state }) => state !== undefined)
    .flatMap(({ why, state, stream, at: when }) => {
      if (why.trim() === "") return [`${at(when)} ${stream}: nothing is said of ${state}.`];
      if (!/[.]$/.test(why)) return [`${at(when)} ${stream}: "${why}" does not end.`];
      return mover.test(why) ? [] : [`${at(when)} ${stream}: "${why}" names nobody who moves it on from ${state}.`];
    });

/** In these a person has to do something; in the others something happens by itself. */
const peopleMove: ReadonlySet<string> = new Set(["new", "done", "held", "failed", "waiting"]);

/** After all that moves by itself has moved: done, or somebody was told what to do. A person's pull request is theirs to move. */
export const everyIssueEnds: Oracle = ({ memory, jobs, agenda }) =>
  [...memory.projections.values()].flatMap(({ issue, assignment }) => {
    const { stream, state, why } = issue;
    if (peopleMove.has(state) || issue.kind === "pull_request") return [];
    if (state === "queued" && (issue.waiting_on.length > 0 || slotsAreTaken(memory) || issue.avoids)) return [];
    if (state === "in_review" && /does not merge yet/.test(why)) return [];
    if (jobs.all().some(({ key }) => key === `wake:${stream}`) || agenda.next()) return [];
    return [`${stream} stays ${state} (${why}), ${assignment?.agent_id ?? "nobody"} has it, and nothing brings it back.`];
  });

/** Those who have the slots wait for people themselves. */
const slotsAreTaken = ({ projections }: Parameters<Oracle>[0]["memory"]): boolean =>
  [...projections.values()].some(({ assignment }) => assignment);
