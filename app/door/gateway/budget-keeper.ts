import { BUDGET_SCOPE } from "../../../agents/runtime/task.ts";
import { conductor } from "../../domain/envelope.ts";
import type { Subject } from "../../domain/ids.ts";
import type { RunRow } from "../../store/runs.ts";
import { Problem } from "../problem.ts";
import type { Desk } from "../runs/desk.ts";
import { subjectOf } from "../runs/look-up.ts";
import { type Budget, budgetsOf, isNearlySpent, isSpent, sentenceOf } from "./budgets.ts";
import { inTurn } from "./in-turn.ts";

/** Lets a run's call through while every budget has something left. The history is told once that one is spent, or nearly so, also after a restart. */
export function budgetKeeper(desk: Pick<Desk, "store" | "record" | "issueOf" | "policyOf" | "now">): (run: RunRow) => Promise<void> {
  const turn = inTurn();

  return async (run) => {
    const subject = await subjectOf(desk, run.runId);
    const [{ limits }, issue, spent] = await Promise.all([
      desk.policyOf(run.repositoryId),
      desk.issueOf(subject.stream),
      desk.store.spent(run.runId),
    ]);
    if (!spent) return;
    const now = desk.now();
    const budgets = budgetsOf({ limits, issue, spent, now });
    const over = budgets.find(isSpent);
    if (over) {
      await turn(subject.stream, () => tellSpent(subject, run, over));
      throw new Problem(402, sentenceOf(over, now), { [BUDGET_SCOPE]: over.scope });
    }
    for (const budget of budgets.filter(isNearlySpent)) {
      if (!issue.warned.includes(budget.scope)) await turn(subject.stream, () => tellNearlySpent(subject, run, budget));
    }
  };

  /** Once a run and scope, and again where a person's grant is spent too. */
  async function tellSpent(subject: Subject, { runId }: RunRow, budget: Budget): Promise<void> {
    const history = await desk.store.readStream(subject.stream);
    const since = history.slice(history.findLastIndex(({ type }) => type === "BUDGET_RAISED") + 1);
    const told = since.some(
      ({ type, data, causationId }) => type === "BUDGET_EXCEEDED" && causationId === runId && data.scope === budget.scope,
    );
    if (!told) await desk.record(subject, [{ type: "BUDGET_EXCEEDED", data: budget, actor: conductor }], runId);
  }

  async function tellNearlySpent(subject: Subject, { runId }: RunRow, budget: Budget): Promise<void> {
    const { warned } = await desk.issueOf(subject.stream);
    if (!warned.includes(budget.scope)) await desk.record(subject, [{ type: "BUDGET_WARNED", data: budget, actor: conductor }], runId);
  }
}
