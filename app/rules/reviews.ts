/** What the reviews of a head come to, by whose they are: GitHub's user id says it, never a name. */
import type { Finding } from "../domain/events.ts";
import type { Issue } from "../domain/issue.ts";
import type { SeenReview } from "../domain/seen.ts";
import type { Scene } from "./rule.ts";

/** The review that counts. Of a person's, all that people ask for and have not taken back is answered together. */
export interface Heard {
  readonly said: SeenReview;
  readonly byPerson: boolean;
  readonly all: readonly SeenReview[];
}

const reviewerOf = ({ identities }: Scene): number => identities.review ?? identities.rig;

/**
 * What this head's reviews come to: what a person with write permission asks for and has not taken back, else Review-E's last word. A
 * person's no stands whatever Review-E says before or after it, however late it is heard.
 */
export function latestVerdict(scene: Scene, reviews: readonly SeenReview[]): Heard | undefined {
  const { issue, identities } = scene;
  const reviewer = reviewerOf(scene);
  const said = reviews.filter((one) => one.commitId === issue.pullRequest?.headSha && !isPutAside(issue, one)).toSorted(byTime);
  const persons = said.filter(
    ({ byId, byType, canWrite }) => byType === "User" && canWrite && byId !== reviewer && byId !== identities.rig,
  );
  const wanted = persons.filter((one, index) => asksForSomething(one) && !takenBack(one, persons.slice(index + 1)));
  const last = wanted.at(-1);
  if (last) return { said: last, byPerson: true, all: wanted };
  return lastWord(scene, said);
}

/** Review-E's last word among reviews of one head, whatever people say beside it. */
export function lastWord(scene: Scene, reviews: readonly SeenReview[]): Heard | undefined {
  const reviewer = reviewerOf(scene);
  const own = reviews
    .toSorted(byTime)
    .findLast(({ byId, state }) => byId === reviewer && (state === "APPROVED" || state === "CHANGES_REQUESTED"));
  return own && { said: own, byPerson: false, all: [own] };
}

/** Review-E's word that it cannot judge this head, unless it was heard already. */
export const abstention = (scene: Scene, reviews: readonly SeenReview[]): SeenReview | undefined =>
  reviews.find(
    ({ id, byId, commitId, machine }) =>
      byId === reviewerOf(scene) &&
      machine?.abstains === true &&
      commitId === scene.issue.pullRequest?.headSha &&
      !scene.issue.abstained.includes(id),
  );

/** Findings as they are to be answered: of Review-E's, what stands of its review before comes first. */
export function findingsOf(issue: Issue, said: SeenReview, byPerson: boolean, all: readonly SeenReview[]): readonly Finding[] {
  const found = all.flatMap(({ id, by, body, findings }) => (findings.length > 0 ? findings : [{ id: `r${id}`, by, text: body }]));
  if (byPerson) return found;
  const standing = (issue.reviewed?.findings ?? []).filter(({ id }) => id !== undefined && said.machine?.revisited[id] === "stands");
  const disputed = new Set(issue.disputes.flatMap(({ id, upheld }) => (upheld ? [] : [id])));
  const before = standing.map((one) => (one.id !== undefined && disputed.has(one.id) ? { ...one, disputed: true } : one));
  // With nothing new in it, what it says as a whole is about what stands.
  return standing.length > 0 && said.findings.length === 0 ? before : [...before, ...found];
}

/** A no, or remarks on lines, or something asked for as a command; words alone drive nobody. */
const asksForSomething = ({ state, findings }: SeenReview): boolean =>
  state === "CHANGES_REQUESTED" || (state === "COMMENTED" && findings.length > 0);

const takenBack = ({ byId }: SeenReview, later: readonly SeenReview[]): boolean =>
  later.some((one) => one.byId === byId && one.state === "APPROVED");

/** What was wanted of this head before a person put it aside. */
const isPutAside = ({ overruled, pullRequest }: Issue, { state, submittedAt }: SeenReview): boolean =>
  overruled !== undefined && overruled.headSha === pullRequest?.headSha && state !== "APPROVED" && submittedAt <= overruled.at;

const byTime = (a: SeenReview, b: SeenReview): number => a.submittedAt.getTime() - b.submittedAt.getTime() || a.id - b.id;
