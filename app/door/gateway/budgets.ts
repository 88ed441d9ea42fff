/** What a run may still spend: which budgets hold for it, and how far they are. */
import type { EventData } from "../../domain/events.ts";
import type { Issue } from "../../domain/issue.ts";
import type { Policy } from "../../domain/policy.ts";
import type { Spent } from "../../store/runs.ts";

/** A budget as the history tells of it. */
export type Budget = EventData<"BUDGET_EXCEEDED">;

export interface Account {
  readonly limits: Policy["limits"];
  readonly issue: Pick<Issue, "budget">;
  readonly spent: Spent;
  readonly now: Date;
}

/**
 * Every budget that holds now. What only a person or a new day can mend comes first: such an issue has to wait, where a spent run would only be tried again.
 * Dollars that a person granted buy any number of tokens, and on the UTC day they were granted on they go beyond the repository's day.
 */
export function budgetsOf(account: Account): readonly Budget[] {
  const { limits, issue, spent, now } = account;
  const { budget: granted } = issue;
  const today = granted !== undefined && dayOf(granted.at) === dayOf(now);
  return [
    { scope: "issue", unit: "usd", limit: granted?.usd ?? limits.usdPerIssue, spent: spent.usd.issue },
    ...only(!granted, { scope: "issue", unit: "tokens", limit: limits.tokensPerIssue, spent: spent.tokens.issue }),
    ...only(!today, { scope: "day", unit: "usd", limit: limits.usdPerDay, spent: spent.usd.day }),
    ...only(!today, { scope: "day", unit: "tokens", limit: limits.tokensPerDay, spent: spent.tokens.day }),
    { scope: "run", unit: "usd", limit: Math.max(limits.usdPerRun, spent.usd.run + left(account)), spent: spent.usd.run },
    ...only(!granted, { scope: "run", unit: "tokens", limit: limits.tokensPerRun, spent: spent.tokens.run }),
  ];
}

/** Dollars that are left of what a person granted the issue; 0 where nobody did. */
export const left = ({ issue, spent }: Pick<Account, "issue" | "spent">): number =>
  issue.budget ? Math.max(0, issue.budget.usd - spent.usd.issue) : 0;

export const isSpent = ({ limit, spent }: Budget): boolean => spent >= limit;

/** Four fifths are spent. */
export const isNearlySpent = ({ limit, spent }: Budget): boolean => spent >= (limit * 4) / 5;

/** What is wrong, and the two ways out. */
export function sentenceOf({ scope, unit, limit, spent }: Budget, now: Date): string {
  const amounts = unit === "usd" ? `$${spent.toFixed(2)} of $${limit}` : `${spent} of ${limit} tokens`;
  const tomorrow = new Date((Math.floor(now.getTime() / DAY) + 1) * DAY).toISOString().slice(0, 10);
  const anew = scope === "day" ? ` It begins anew on ${tomorrow} at 00:00 UTC.` : "";
  return `The budget of the ${scope} is spent: ${amounts}.${anew} A person can grant the issue more with /rig budget <usd>.`;
}

const DAY = 86_400_000;

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

const only = (holds: boolean, budget: Budget): readonly Budget[] => (holds ? [budget] : []);
