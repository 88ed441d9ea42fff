/** Every promise that is judged story by story, with what a story has to have in it to be about the promise at all. */
import type { Simulation } from "../rig/simulation.ts";
import { onlyWhatWasApproved } from "./approvals.ts";
import { onlyThePresentHead } from "./heads.ts";
import { gatesPassed, nothingPassesAGate } from "./merges.ts";
import { everybodyKnowsWhy, everyIssueEnds } from "./onward.ts";
import type { Oracle } from "./oracle.ts";
import { nothingGoesBack } from "./releases.ts";
import { remindedOnce } from "./reminders.ts";
import { nothingRunsOn, oneLiveRun, onePullRequestAnAttempt } from "./runs.ts";
import { attemptsAreBounded } from "./strikes.ts";
import { criticalIsNext, dependenciesFirst, everybodyInTurn } from "./turns.ts";
import { everyWriteIsPlannedOnce } from "./writes.ts";

export interface Promised {
  readonly name: string;
  readonly oracle: Oracle;
  readonly isAbout: (played: Simulation) => boolean;
}

const happened =
  (...types: readonly string[]) =>
  ({ journal }: Simulation): boolean =>
    journal.entries.some(({ events }) => events.some(({ type }) => types.includes(type)));
const written =
  (call: string) =>
  ({ github }: Simulation): boolean =>
    github.writes.some((write) => write.call === call);

const promise = (name: string, oracle: Oracle, isAbout: Promised["isAbout"]): Promised => ({ name, oracle, isAbout });

export const promises: readonly Promised[] = [
  promise("no job fails while GitHub answers", ({ failures }) => failures, happened("ISSUE_APPROVED")),
  promise("P1: of an issue one run at a time is under way", oneLiveRun, happened("RUN_REQUESTED")),
  promise("P1: an attempt has one pull request", onePullRequestAnAttempt, happened("PR_CREATED")),
  promise("P1: nothing runs on that the issue does not want any more", nothingRunsOn, written("cancel")),
  promise("P2: who is sent to work was let by a person, on exactly that text", onlyWhatWasApproved, written("dispatch")),
  promise(
    "P3: after the strikes nothing is dispatched until a person decides, who is asked once",
    attemptsAreBounded,
    happened("ESCALATED"),
  ),
  promise("P4: what is merged had all that it needs in that moment", nothingPassesAGate, (sim) => gatesPassed(sim).length > 0),
  promise("P5: nothing that is written names a head that is superseded", onlyThePresentHead, written("merge")),
  promise("P10: every write is a planned command's, and is done once", everyWriteIsPlannedOnce, written("createComment")),
  promise("P12: everybody gets an agent in turn", everybodyInTurn, happened("ISSUE_ASSIGNED")),
  promise("P12: what an issue depends on is done first", dependenciesFirst, happened("ISSUE_WAITING")),
  promise("P12: a critical issue does not wait for one that is not", criticalIsNext, happened("ISSUE_ASSIGNED")),
  promise("P13: nothing goes back unless a person says so", nothingGoesBack, happened("VERIFIED")),
  promise(
    "P14: who waits is remembered at each interval at most once",
    remindedOnce,
    happened("HUMAN_GATE_REMINDER", "ESCALATION_REMINDED"),
  ),
  promise("P19: everybody can read why, and who moves it on", everybodyKnowsWhy, happened("ISSUE_APPROVED")),
  promise("P19: every issue ends, or somebody was told what to do", everyIssueEnds, happened("ISSUE_DONE")),
];
