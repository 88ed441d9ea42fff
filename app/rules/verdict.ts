import type { CommandData } from "../domain/commands.ts";
import type { Requirement } from "../domain/events.ts";
import { openGates } from "../domain/issue.ts";
import type { SeenPullRequest } from "../domain/seen.ts";
import { raisedGates } from "../gates/index.ts";
import type { Scene } from "./rule.ts";

/** R15: everything that has to hold for this head before it may be merged, each with its explanation. */
export function verdict(scene: Scene, pr: SeenPullRequest): readonly Requirement[] {
  const { subject, issue, seen, policy } = scene;
  const head = pr.headSha;
  const short = head.slice(0, 7);
  const open = openGates(issue);
  const unraised = raisedGates(pr.changes).filter(
    ({ gate }) => !issue.gates.some(({ name, headSha }) => name === gate.name && headSha === head),
  );
  const objector = standingObjection(scene, pr);
  const refusal = refusedMerge(scene, pr);
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
      issue.review?.headSha === head && issue.review.result === "passed",
      `Review-E approved ${short}.`,
      `Review-E has not approved ${short}.`,
    ),
    requirement("objections", objector === undefined, "Nobody objects.", `${objector} requested changes and has not taken it back.`),
    requirement(
      "gates",
      open.length === 0 && unraised.length === 0,
      "No gate is waiting.",
      `Waiting for a person: ${[...open.map(({ name }) => name), ...unraised.map(({ gate }) => gate.name)].join(", ")}.`,
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

const requirement = (name: string, ok: boolean, holds: string, fails: string): Requirement => ({ name, ok, because: ok ? holds : fails });

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
  return [...last.values()].find(({ state }) => state === "CHANGES_REQUESTED")?.by;
}

const MERGE_AGAIN_MS = 60_000;
const MERGE_TRIES = 3;

export interface RefusedMerge {
  readonly because: string;
  /** When one more try is due; undefined where only a new head or a person helps. */
  readonly againAt?: Date;
}

/** GitHub's last no to this head. It stands until GitHub itself shows the pull request as clean, and never for longer than a few tries. */
export function refusedMerge({ effects, now }: Scene, pr: SeenPullRequest): RefusedMerge | undefined {
  const tries = effects.filter(({ kind, data }) => kind === "MERGE" && (data as CommandData<"MERGE">).headSha === pr.headSha);
  const last = tries.at(-1);
  const because = last?.state === "confirmed" ? (last.response as { readonly refused?: string } | undefined)?.refused : undefined;
  if (because === undefined) return undefined;
  if (tries.length >= MERGE_TRIES || pr.mergeableState !== "clean" || !last?.settledAt) return { because };
  const againAt = new Date(last.settledAt.getTime() + MERGE_AGAIN_MS * tries.length);
  return now >= againAt ? undefined : { because, againAt };
}
