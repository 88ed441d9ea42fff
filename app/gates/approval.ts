/** R12: which review opens a gate. Pure over facts that were read from the API now. */
import { type Owners, ownersOf } from "./codeowners.ts";

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
  /** A machine took back what was a request for changes: it stands (R12). */
  readonly dismissedByMachine?: true;
  /** The only gates it decides; absent: every one that its author may decide. */
  readonly gates?: readonly string[];
}

export interface ApprovalFacts {
  readonly gate: string;
  readonly headSha: string;
  /** When the gate was raised for this head; absent where nobody kept that, then the head alone decides. */
  readonly openedAt?: Date;
  /** Every path that raised the gate. */
  readonly paths: readonly string[];
  readonly owners?: Owners;
  /** Who may open it in place of the code owners, as the repository says. */
  readonly approvers?: readonly string[];
  /** Team members read now: `@org/team` → logins. */
  readonly teams: Readonly<Record<string, readonly string[]>>;
  readonly reviews: readonly ReviewFact[];
  /** Lower-case logins that made the change. */
  readonly madeBy: readonly string[];
  /** Ids of the Rig's own accounts. */
  readonly ours: readonly number[];
  /** Whoever asked for the change, where they may not approve it too. */
  readonly requester?: string;
}

/** What one person said last, and whether that counts. */
export interface Weighed {
  readonly by: string;
  readonly said: ReviewFact["state"];
  readonly counts: boolean;
  readonly because: string;
}

export type Judgement =
  | { readonly state: "waiting"; readonly because: string }
  | { readonly state: "approved"; readonly by: readonly string[]; readonly reviewId: number }
  | { readonly state: "rejected"; readonly by: string; readonly reason: string };

export interface Judged {
  readonly judgement: Judgement;
  readonly reviews: readonly Weighed[];
}

export function judge(facts: ApprovalFacts): Judged {
  const latest = latestByPerson(facts);
  const weighed = latest.map((review) => ({ review, against: against(review, facts) }));
  const reviews = weighed.map(({ review, against: because }) => ({
    by: review.by,
    said: review.state,
    counts: because === undefined,
    because: because ?? "counts",
  }));
  const refusal = latest.find((review) => objects(review) && isPerson(review, facts.ours) && review.canWrite);
  if (refusal) return { judgement: { state: "rejected", by: refusal.by, reason: refusal.body }, reviews };

  const counted = weighed.filter(({ against: because }) => because === undefined).map(({ review }) => review);
  const uncovered = facts.paths.find((path) => !counted.some(({ by }) => owns(by, path, facts)));
  const [first] = counted;
  if (first && uncovered === undefined)
    return { judgement: { state: "approved", by: counted.map(({ by }) => by), reviewId: first.id }, reviews };
  const because = first ? `${uncovered} still needs one of its owners` : "no code owner has approved this head";
  return { judgement: { state: "waiting", because }, reviews };
}

/** Who could open the gate: owners of the paths that did not make the change. Teams are named as teams. */
export const approversOf = (facts: Pick<ApprovalFacts, "paths" | "owners" | "approvers" | "madeBy" | "requester">): readonly string[] => [
  ...new Set(
    facts.paths
      .flatMap((path) => entitled(path, facts))
      .filter((owner) => !facts.madeBy.includes(bare(owner)) && bare(owner) !== facts.requester?.toLowerCase()),
  ),
];

/** Paths of which nobody but those who made the change is an owner: nobody can open the gate for them. */
export const orphanPaths = (facts: Pick<ApprovalFacts, "paths" | "owners" | "approvers" | "madeBy" | "requester">): readonly string[] =>
  facts.paths.filter((path) => approversOf({ ...facts, paths: [path] }).length === 0);

/** The owners of a path, or whom the repository names for the gate. */
export const entitled = (path: string, { owners, approvers }: Pick<ApprovalFacts, "owners" | "approvers">): readonly string[] =>
  approvers ?? ownersOf(owners, path);

const isPerson = ({ byType, byId }: ReviewFact, ours: readonly number[]): boolean => byType === "User" && !ours.includes(byId);

const objects = ({ state, dismissedByMachine }: ReviewFact): boolean => state === "CHANGES_REQUESTED" || dismissedByMachine === true;

/** A comment takes nothing back: the last review that says something about this gate decides. */
const latestByPerson = ({ reviews, gate }: ApprovalFacts): readonly ReviewFact[] => {
  const said = reviews
    .filter(({ state }) => state !== "COMMENTED" && state !== "PENDING")
    .filter(({ gates }) => !gates || gates.includes(gate))
    .toSorted((a, b) => a.submittedAt.getTime() - b.submittedAt.getTime() || a.id - b.id);
  return [...new Map(said.map((review) => [review.byId, review])).values()];
};

/** Why a review does not open the gate; undefined where it counts. */
function against(review: ReviewFact, facts: ApprovalFacts): string | undefined {
  const { by, state, commitId, submittedAt, canWrite } = review;
  if (facts.ours.includes(review.byId)) return "an account of the Rig never counts";
  if (review.byType !== "User") return "only people count";
  if (objects(review)) return canWrite ? "asks for changes" : "asks for changes, and may not write here";
  if (state === "DISMISSED") return "was dismissed";
  if (commitId !== facts.headSha) return `is about ${commitId.slice(0, 7)}, not about this head`;
  // GitHub's times have no fractions of a second.
  if (facts.openedAt && submittedAt.getTime() < Math.floor(facts.openedAt.getTime() / 1000) * 1000)
    return "came before the gate was raised";
  if (!canWrite) return "may not write here now";
  if (facts.madeBy.includes(by.toLowerCase())) return "made the change, or a part of it";
  if (facts.requester?.toLowerCase() === by.toLowerCase()) return "asked for the change, and who asks does not approve here";
  if (!facts.paths.some((path) => owns(by, path, facts))) return "owns none of the paths that raised it";
  return undefined;
}

const owns = (login: string, path: string, facts: ApprovalFacts): boolean =>
  entitled(path, facts).some((owner) => {
    const members = owner.includes("/") ? (facts.teams[owner] ?? []) : [bare(owner)];
    return members.some((member) => member.toLowerCase() === login.toLowerCase());
  });

const bare = (owner: string): string => owner.replace(/^@/, "").toLowerCase();
