import type { Suspect } from "./events.ts";

/** What production was given, and when. */
export interface Deployed {
  readonly sha: Suspect["sha"];
  /** When it was asked for, or could begin. */
  readonly begunAt: Date;
  /** When it was seen to be there. */
  readonly deployedAt: Date;
  readonly issue?: number;
  readonly prNumber?: number;
}

/** A release answers a while before its deployment is reported as done. */
export const REPORTED_WITHIN_MS = 60_000;

const MOST = 20;

/**
 * Who may be at fault: what was live when the signal began, and before that what was live earlier, newest first. What came later is
 * never suspected, whoever merged last.
 */
export const suspectsOf = (deployments: readonly Deployed[], startedAt: Date): Suspect[] =>
  deployments
    .filter(({ begunAt, deployedAt }) => begunAt <= startedAt && deployedAt.getTime() <= startedAt.getTime() + REPORTED_WITHIN_MS)
    .toSorted((a, b) => b.deployedAt.getTime() - a.deployedAt.getTime())
    .slice(0, MOST)
    .map(({ begunAt: _, deployedAt, ...suspect }) => ({ ...suspect, deployedAt: deployedAt.toISOString() }));
