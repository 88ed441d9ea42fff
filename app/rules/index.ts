/** Every rule, in the order it is asked. `settle` asks until none has anything to add. */

import type { Said } from "../domain/envelope.ts";
import { evolve } from "../domain/evolve.ts";
import { stateOf } from "../domain/state.ts";
import { admission } from "./admission.ts";
import { answer } from "./answer.ts";
import { budget } from "./budget.ts";
import { capability } from "./capability.ts";
import { ci } from "./ci.ts";
import { clarity } from "./clarity.ts";
import { deadEffects } from "./dead-effects.ts";
import { dependencies } from "./dependencies.ts";
import { dispute } from "./dispute.ts";
import { done } from "./done.ts";
import { escalation } from "./escalation.ts";
import { followed } from "./followed.ts";
import { gateReminders } from "./gate-reminders.ts";
import { gates } from "./gates.ts";
import { hold } from "./hold.ts";
import { interruption } from "./interruption.ts";
import { merge } from "./merge.ts";
import { peoplesReview } from "./peoples-review.ts";
import { priority } from "./priority.ts";
import { pullRequest } from "./pull-request.ts";
import { questionReminders } from "./question-reminders.ts";
import { release } from "./release.ts";
import { review } from "./review.ts";
import { rework } from "./rework.ts";
import { rollback } from "./rollback.ts";
import { rounds } from "./rounds.ts";
import type { Conclusion, Rule, Scene } from "./rule.ts";
import { runs } from "./runs.ts";
import { staleness } from "./staleness.ts";
import { strikes } from "./strikes.ts";
import { withdrawal } from "./withdrawal.ts";
import { work } from "./work.ts";

/** What people and GitHub did is true in every state. */
const facts: readonly Rule[] = [pullRequest, withdrawal, hold, admission, staleness, priority, rollback];

/** What the Rig does about it, unless a person has the issue or nothing is left to do. */
const steps: readonly Rule[] = [
  deadEffects,
  capability,
  clarity,
  dependencies,
  budget,
  interruption,
  work,
  answer,
  ci,
  gates,
  gateReminders,
  questionReminders,
  dispute,
  review,
  runs,
  strikes,
  rework,
  merge,
  release,
  done,
];

/** A person's pull request is theirs: the Rig holds its gates, has it read where people want that, and sees it come to production. */
const watching: readonly Rule[] = [pullRequest, gates, gateReminders, peoplesReview, runs, budget, followed];

/** A round is only a run: whoever asked hears what came of it, and nobody is escalated to. */
const looking: readonly Rule[] = [rounds, runs];

const handsOff: ReadonlySet<string> = new Set(["new", "held", "failed", "done"]);

const MOST_EVENTS = 50;

export function settle(scene: Scene): Conclusion & { readonly scene: Scene } {
  const events: Said[] = [];
  for (;;) {
    const concluded = ask(scene);
    if (concluded.events.length === 0) return { events, scene, ...(concluded.wakeAt ? { wakeAt: concluded.wakeAt } : {}) };
    for (const event of concluded.events) {
      scene = { ...scene, issue: evolve(scene.issue, event, event.at ?? scene.now), version: scene.version + 1 };
      events.push(event);
    }
    if (events.length > MOST_EVENTS)
      throw new Error(
        `The rules go round in circles: ${events
          .slice(-4)
          .map(({ type }) => type)
          .join(", ")}`,
      );
  }
}

function asked({ subject, issue }: Scene): readonly Rule[] {
  if (issue.round) return looking;
  if (subject.kind === "pull_request" || issue.watched) return watching;
  return handsOff.has(stateOf(issue)) ? facts : [...facts, ...steps];
}

/** The first rule that has something to say, else the earliest time at which one wants to be asked again. */
function ask(scene: Scene): Conclusion {
  let wakeAt: Date | undefined;
  // Whoever is to be reminded hears of it only when nothing else has happened.
  for (const rule of [...asked(scene), escalation]) {
    const concluded = rule(scene);
    if (concluded.events.length > 0) return concluded;
    if (concluded.wakeAt && (!wakeAt || concluded.wakeAt < wakeAt)) wakeAt = concluded.wakeAt;
  }
  return wakeAt ? { events: [], wakeAt } : { events: [] };
}
