/** What becomes of runs, checks and deployments: drawn before a story begins, so that it can be told again. */
export const workFates = [
  "patch",
  "same files",
  "stuck",
  "silent",
  "idle",
  "question",
  "nothing to do",
  "issue's budget",
  "day's budget",
  "run's budget",
  "lost",
  "no runner",
  "cancelled",
  "superseded",
  "unreported",
  "unpublished",
] as const;
export const reviewFates = ["approve", "object", "mute", "lost", "no runner", "silent"] as const;
export const checkFates = ["green", "red", "never"] as const;
export const deployFates = ["good", "bad", "never"] as const;
export const smokeFates = ["holds", "fails", "never"] as const;

export type WorkFate = (typeof workFates)[number];
export type ReviewFate = (typeof reviewFates)[number];

/** Of each issue, one after the other; after the last one all goes well. */
export interface Fates {
  readonly work: readonly WorkFate[];
  readonly review: readonly ReviewFate[];
  readonly checks: readonly (typeof checkFates)[number][];
  readonly deploys: readonly (typeof deployFates)[number][];
  readonly smokes?: readonly (typeof smokeFates)[number][];
}

export const goodFates: Fates = { work: [], review: [], checks: [], deploys: [] };
