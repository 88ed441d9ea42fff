import type { Finding } from "./events.ts";
import type { Issue } from "./issue.ts";

/** Findings that an author objects to and nobody has decided: of Review-E's once it has looked again, of a person's at once, for nobody else can take that back. */
export function disputedIn({ review, disputes, runs }: Issue): readonly Finding[] {
  if (review?.result !== "changes_requested") return [];
  const last = runs.at(-1);
  const ended = last?.disputed === true && last.finished?.outcome === "nothing_to_do" && last.baseSha === review.headSha;
  const open = new Set(disputes.flatMap(({ id, upheld }) => (upheld ? [] : [id])));
  return review.findings.filter(
    ({ id, disputed, upheld }) => id !== undefined && !upheld && (review.byPerson ? ended && open.has(id) : disputed === true),
  );
}
