/** R12: which review opens a gate. Pure over facts that were read from the API now. */
import { type OwnersRule, ownersOf } from "./codeowners.ts";

export interface ReviewFact {
  readonly id: number;
  readonly by: string;
  readonly byId: number;
  readonly byType: string;
  readonly state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";
  readonly commitId: string;
  readonly submittedAt: Date;
  readonly body: string;
  /** Asked of the API now. */
  readonly canWrite: boolean;
}

export interface ApprovalFacts {
  readonly headSha: string;
  readonly openedAt: Date;
  /** Every path that raised the gate. */
  readonly paths: readonly string[];
  readonly owners: readonly OwnersRule[];
  /** Team members read now: `@org/team` → logins. */
  readonly teams: Readonly<Record<string, readonly string[]>>;
  readonly reviews: readonly ReviewFact[];
  /** Lower-case logins that made the change. */
  readonly madeBy: readonly string[];
  /** Ids of the Rig's own accounts. */
  readonly ours: readonly number[];
}

export type Judgement =
  | { readonly state: "waiting"; readonly because: string }
  | { readonly state: "approved"; readonly by: string; readonly reviewId: number }
  | { readonly state: "rejected"; readonly by: string; readonly reason: string };

export function judge(facts: ApprovalFacts): Judgement {
  const latest = latestByPerson(facts.reviews.filter((review) => isPerson(review, facts.ours)));
  const refusal = latest.find(({ state, canWrite }) => state === "CHANGES_REQUESTED" && canWrite);
  if (refusal) return { state: "rejected", by: refusal.by, reason: refusal.body };
  const counted = latest.filter((review) => counts(review, facts));
  const uncovered = facts.paths.filter((path) => !counted.some(({ by }) => owns(by, path, facts)));
  const [first] = counted.filter(({ by }) => facts.paths.some((path) => owns(by, path, facts)));
  if (first && uncovered.length === 0) return { state: "approved", by: first.by, reviewId: first.id };
  return { state: "waiting", because: first ? `${uncovered[0]} still needs one of its owners` : "no code owner has approved this head" };
}

/** Who could open the gate: owners of the paths that did not make the change. Teams are named as teams. */
export const approversOf = ({ paths, owners, madeBy }: Pick<ApprovalFacts, "paths" | "owners" | "madeBy">): readonly string[] => [
  ...new Set(paths.flatMap((path) => ownersOf(owners, path)).filter((owner) => !madeBy.includes(owner.slice(1).toLowerCase()))),
];

const isPerson = ({ byType, byId }: ReviewFact, ours: readonly number[]): boolean => byType === "User" && !ours.includes(byId);

/** A comment takes nothing back: the last review that says something decides. */
const latestByPerson = (reviews: readonly ReviewFact[]): readonly ReviewFact[] => {
  const said = reviews
    .filter(({ state }) => state !== "COMMENTED" && state !== "PENDING")
    .toSorted((a, b) => a.submittedAt.getTime() - b.submittedAt.getTime());
  return [...new Map(said.map((review) => [review.byId, review])).values()];
};

const counts = ({ state, commitId, submittedAt, canWrite, by }: ReviewFact, { headSha, openedAt, madeBy }: ApprovalFacts): boolean =>
  state === "APPROVED" &&
  commitId === headSha &&
  canWrite &&
  // GitHub's times have no fractions of a second.
  submittedAt.getTime() >= Math.floor(openedAt.getTime() / 1000) * 1000 &&
  !madeBy.includes(by.toLowerCase());

const owns = (login: string, path: string, { owners, teams }: ApprovalFacts): boolean =>
  ownersOf(owners, path).some((owner) => {
    const members = owner.includes("/") ? (teams[owner] ?? []) : [owner.slice(1)];
    return members.some((member) => member.toLowerCase() === login.toLowerCase());
  });
