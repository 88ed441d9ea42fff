import type { CommandData } from "../domain/commands.ts";
import type { Requirement } from "../domain/events.ts";
import type { Issue } from "../domain/issue.ts";
import type { RefusalKind } from "../domain/merge-outcome.ts";
import type { SeenPullRequest } from "../domain/seen.ts";
import type { Evaluation } from "../gates/evaluate.ts";
import { evaluationOf } from "./evaluation.ts";
import type { Scene } from "./rule.ts";

/** R15: everything that has to hold for this head before it may be merged, each with its explanation. */
export function verdict(scene: Scene, pr: SeenPullRequest): readonly Requirement[] {
  const { subject, issue, seen, policy } = scene;
  const head = pr.headSha;
  const short = head.slice(0, 7);
  // R12: a person's decision about this head, and about no other.
  const overruled = issue.overruled?.headSha === head;
  const evaluation = evaluationOf(scene, pr);
  const waiting = gatesWaiting(issue, evaluation);
  const objector = standingObjection(scene, pr);
  const said = refusedMerge(scene, pr);
  const refusal = said?.due ? undefined : said;
  const closes = new RegExp(`\\b(close[sd]?|fix(e[sd])?|resolve[sd]?):?\\s+#${subject.number}\\b`, "i").test(pr.body);
  const unchanged = issue.approval !== undefined && !issue.approval.stale && issue.approval.bodyHash === seen.issue.bodyHash;
  return [
    requirement("approval", unchanged, "The issue says what was approved.", "The issue's text changed after it was approved."),
    requirement(
      "checks",
      issue.ci?.headSha === head && issue.ci.passed && pr.checks.state === "passed",
      `The required checks of ${short} passed.`,
      `The required checks of ${short} have not passed.`,
    ),
    requirement(
      "review",
      issue.review?.headSha === head && issue.review.result === "passed" && (overruled || !takenBack(issue.review, pr)),
      overruled ? `${issue.overruled?.by} overruled the review of ${short}.` : `Review-E approved ${short}.`,
      `Review-E has not approved ${short}.`,
    ),
    requirement("objections", objector === undefined, "Nobody objects.", `${objector} requested changes and has not taken it back.`),
    requirement("gates", waiting.length === 0, "No gate is waiting.", `Waiting for a person: ${waiting.join(", ")}.`),
    requirement("facts", evaluation.obstacles.length === 0, "Everything about it is known.", evaluation.obstacles.join(" ")),
    requirement(
      "base",
      pr.base.name === seen.defaultBranch.name,
      `It goes into ${seen.defaultBranch.name}.`,
      `It goes into ${pr.base.name}: a person has to point it at ${seen.defaultBranch.name}.`,
    ),
    requirement(
      "link",
      closes,
      `It closes #${subject.number}.`,
      `Its text does not say "Closes #${subject.number}": a person has to write it there.`,
    ),
    requirement("draft", !pr.draft, "It is ready for review.", "It is a draft: a person has to mark it as ready for review."),
    requirement(
      "mergeable",
      pr.mergeable === true,
      "It merges cleanly.",
      pr.mergeable === null
        ? "GitHub is still checking for conflicts."
        : `It conflicts with ${seen.defaultBranch.name}: Dev-E is sent to resolve that once, then a person has to.`,
    ),
    requirement(
      "automatic",
      policy.merge.auto && policy.mode === "active",
      "The Rig may merge here.",
      "A person merges here: merge.auto is off, or the mode is not active.",
    ),
    requirement(
      "accepted",
      refusal === undefined,
      "GitHub has not refused it.",
      `The merge was refused: ${refusal?.because.replace(/[.\s]*$/, ".")} A new head, or a person, helps.`,
    ),
  ];
}

/** Gates that history has not opened for this head and this evidence, or that what is seen now does not open (P4). */
const gatesWaiting = (issue: Issue, { raised, headSha }: Evaluation): readonly string[] =>
  raised
    .filter(({ gate, hash, judgement }) => {
      const known = issue.gates.find(({ name }) => name === gate.name);
      const opened = known?.state === "approved" && known.headSha === headSha && known.evidenceHash === hash;
      return !opened || judgement.state !== "approved";
    })
    .map(({ gate: { name } }) => name);

const requirement = (name: string, ok: boolean, holds: string, fails: string): Requirement => ({ name, ok, because: ok ? holds : fails });

/** Somebody dismissed the review that is on record. */
const takenBack = ({ reviewId }: NonNullable<Issue["review"]>, { reviews }: SeenPullRequest): boolean =>
  reviews.some(({ id, state }) => id === reviewId && state === "DISMISSED");

/** A person with write permission whose last word is "request changes", on whatever head (R12). */
function standingObjection({ identities }: Scene, { reviews }: SeenPullRequest): string | undefined {
  const people = reviews.filter(
    ({ byId, byType, canWrite }) => byType === "User" && canWrite && byId !== identities.rig && byId !== identities.review,
  );
  const last = new Map(
    people
      .filter(({ state }) => state !== "COMMENTED" && state !== "PENDING")
      .toSorted((a, b) => a.submittedAt.getTime() - b.submittedAt.getTime() || a.id - b.id)
      .map((review) => [review.byId, review]),
  );
  return [...last.values()].find(({ state, dismissedByMachine }) => state === "CHANGES_REQUESTED" || dismissedByMachine)?.by;
}

const MERGE_AGAIN_MS = 10_000;
const MERGE_TRIES = 3;
const BASE_MOVED_MS = 2_000;
/** Until then GitHub may not show yet that its queue has it. */
const QUEUE_SHOWS_MS = 30_000;
const QUEUE_AGAIN_MS = 60_000;

export interface RefusedMerge {
  readonly because: string;
  readonly at: Date;
  /** When one more try is due; undefined where only a new head or a person helps. */
  readonly againAt?: Date;
  /** That time has come. */
  readonly due?: true;
}

/** GitHub's last no to this head. It stands until GitHub itself shows the pull request as clean, and never for longer than a few tries. */
export function refusedMerge({ effects, now }: Scene, pr: SeenPullRequest): RefusedMerge | undefined {
  const tries = effects.filter(({ kind, data }) => kind === "MERGE" && (data as CommandData<"MERGE">).headSha === pr.headSha);
  const last = tries.at(-1);
  const no = last?.state === "confirmed" && last.settledAt ? noTo(last.response, pr, last.settledAt, now) : undefined;
  if (!no || !last?.settledAt) return undefined;
  const { because, pause } = no;
  if (tries.length >= MERGE_TRIES || pause === undefined) return { because, at: last.settledAt };
  const againAt = new Date(last.settledAt.getTime() + pause * tries.length);
  return { because, at: last.settledAt, againAt, ...(now >= againAt ? { due: true } : {}) };
}

/** What GitHub said against it, and how long to wait before another try; without a pause only a change of the pull request helps (F37). */
function noTo(
  response: unknown,
  pr: SeenPullRequest,
  at: Date,
  now: Date,
): { readonly because: string; readonly pause?: number } | undefined {
  const { outcome, kind, refused } = (response ?? {}) as {
    readonly outcome?: string;
    readonly kind?: RefusalKind;
    readonly refused?: string;
  };
  if (outcome === "queued") {
    const dropped = !pr.queued && now.getTime() - at.getTime() >= QUEUE_SHOWS_MS;
    return dropped ? { because: "GitHub's merge queue dropped it.", pause: QUEUE_AGAIN_MS } : undefined;
  }
  if (refused === undefined) return undefined;
  // The verdict is over the same head on another base by then.
  if (kind === "base_moved") return { because: refused, pause: BASE_MOVED_MS };
  return pr.mergeableState === "clean" ? { because: refused, pause: MERGE_AGAIN_MS } : { because: refused };
}
