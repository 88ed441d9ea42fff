/** Whether a run may still spend. */
import type { EventData } from "../../domain/events.ts";
import type { Policy } from "../../domain/policy.ts";
import type { Spent } from "../../store/runs.ts";

/** The first budget that is used up. */
export function budgetExceeded(
  { usdPerRun, usdPerIssue, usdPerDay }: Policy["limits"],
  spent: Spent,
): EventData<"BUDGET_EXCEEDED"> | undefined {
  const budgets = [
    { scope: "run", limit: usdPerRun, spent: spent.run },
    { scope: "issue", limit: usdPerIssue, spent: spent.issue },
    { scope: "day", limit: usdPerDay, spent: spent.day },
  ] as const;
  const exceeded = budgets.find((budget) => budget.spent >= budget.limit);
  return exceeded && { ...exceeded, unit: "usd" };
}
