import type { Reaction } from "./reaction.ts";

/** A person's request for changes is theirs to take back (R12); only Review-E's is overruled on GitHub as well. */
export const overrule: Reaction<"REVIEW_OVERRULED"> = ({ prNumber, headSha, by }, { before }) =>
  before.review?.byPerson ? [] : [{ kind: "OVERRULE_REVIEW", data: { prNumber, headSha, by } }];
