import { inMarkdown } from "../domain/escape.ts";
import { headsRead, unreadable, unsendable } from "../domain/peoples.ts";
import type { SeenPullRequest } from "../domain/seen.ts";
import { liveRun, stateOf } from "../domain/state.ts";
import { openHead } from "./head.ts";
import { byPerson, type Hearing, nothing, type Verb } from "./verb.ts";

/** In these states the Rig sets nothing in motion. */
const handsOff: ReadonlySet<string> = new Set(["new", "held", "failed", "done"]);

export const review: Verb = {
  name: "review",
  description: "Has Review-E read the present head, once more where it has.",
  where: "pr",
  onPeoples: true,
  who: "write",
  takes: nothing,
  speak: (_, hearing) => {
    const { issue, subject, why } = hearing;
    const head = openHead(hearing);
    if ("unable" in head) return head;
    const peoples = issue.watched !== undefined || subject.kind === "pull_request";
    const against = peoples ? unread(hearing, head.pr) : handsOff.has(stateOf(issue)) ? why : undefined;
    if (against) return { unable: inMarkdown(against) };
    const run = liveRun(issue);
    if (run?.kind === "review" && run.baseSha === head.pr.headSha) return { unable: "Review-E is reading it." };
    const data = { ...head.onHead, iteration: (peoples ? headsRead(issue) : issue.reviewRounds) + 1 };
    return { events: [byPerson(hearing, { type: "REVIEW_REQUESTED", data })] };
  },
};

/** Why a person's pull request is not read now. */
const unread = (hearing: Hearing, pr: SeenPullRequest): string | undefined =>
  hearing.issue.held ? hearing.why : (unreadable(pr) ?? unsendable(hearing));
