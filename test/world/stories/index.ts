/** Every story; the longest way first, since they run side by side. One that kills the app is played before the others begin. */
import { aBudget } from "./a-budget.ts";
import { aBug } from "./a-bug.ts";
import { aCiFix } from "./a-ci-fix.ts";
import { aCrash } from "./a-crash.ts";
import { aDependency } from "./a-dependency.ts";
import { aDependencyDown } from "./a-dependency-down.ts";
import { aDispute } from "./a-dispute.ts";
import { aGate } from "./a-gate.ts";
import { aLostWebhook } from "./a-lost-webhook.ts";
import { aNewDependency } from "./a-new-dependency.ts";
import { aProposal } from "./a-proposal.ts";
import { aQuestion } from "./a-question.ts";
import { aRefusal } from "./a-refusal.ts";
import { aReview } from "./a-review.ts";
import { aRollback } from "./a-rollback.ts";
import { aSignIn } from "./a-sign-in.ts";
import { aSmokeFailure } from "./a-smoke-failure.ts";
import { aVagueIssue } from "./a-vague-issue.ts";
import { anEdit } from "./an-edit.ts";
import { anIncident } from "./an-incident.ts";
import { anInterruption } from "./an-interruption.ts";
import { attackContained } from "./attack-contained.ts";
import type { Story } from "./story.ts";
import { twoStrikes } from "./two-strikes.ts";

/** In the order in which they begin: what waits long by nature comes first, such as for the next coordination. */
export const stories: readonly (() => Story)[] = [
  aCrash,
  aLostWebhook,
  anIncident,
  aSmokeFailure,
  twoStrikes,
  aDependencyDown,
  aRollback,
  attackContained,
  aSignIn,
  aProposal,
  anInterruption,
  aDispute,
  aQuestion,
  aCiFix,
  aDependency,
  aRefusal,
  aReview,
  anEdit,
  aBudget,
  aGate,
  aNewDependency,
  aVagueIssue,
  aBug,
];
