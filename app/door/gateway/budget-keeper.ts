import { BUDGET_SCOPE } from "../../../agents/runtime/task.ts";
import { conductor } from "../../domain/envelope.ts";
import type { Subject } from "../../domain/ids.ts";
import type { RunRow, Spent } from "../../store/runs.ts";
import { Problem } from "../problem.ts";
import type { Desk } from "../runs/desk.ts";
import { type Budget, budgetsOf, isNearlySpent, isSpent, sentenceOf } from "./budgets.ts";
import type { Call } from "./call.ts";
import { inTurn } from "./in-turn.ts";
import { longestAnswer, tooSmall } from "./room.ts";
import { type Terms, termsOfRuns } from "./terms.ts";
import type { CallsUnderWay } from "./under-way.ts";

/** Tells how long the answer to a run's call may be, or throws that a budget has no room for it. */
export type KeepBudget = (run: RunRow, call: Call) => Promise<number>;

/** What an account comes to. */
interface Judged {
  readonly over: Budget | undefined;
  readonly nearly: readonly Budget[];
  readonly answer: number;
}

/** Holds a run's calls to every budget. The history is told once that one is spent, or nearly so, also after a restart. */
export function budgetKeeper(
  desk: Pick<Desk, "store" | "record" | "issueOf" | "policyOf" | "now">,
  underWay: Pick<CallsUnderWay, "with">,
): KeepBudget {
  const turn = inTurn();
  const terms = termsOfRuns(desk);

  return async (run, call) => {
    const recent = terms.recent(run);
    const spent = await desk.store.spent(run.runId);
    if (!spent) return call.maxTokens;
    // Only a plain yes may rest on terms that are a moment old: a grant is heard at once.
    if (recent) {
      const { over, nearly, answer } = judge(run, call, recent, spent);
      if (!over && nearly.length === 0 && answer === call.maxTokens) return answer;
    }
    const now = await terms.read(run);
    const { over, nearly, answer } = judge(run, call, now, spent);
    if (over) {
      await turn(now.subject.stream, () => tellSpent(now.subject, run, over));
      throw new Problem(402, sentenceOf(over, desk.now()), { [BUDGET_SCOPE]: over.scope });
    }
    for (const budget of nearly) await turn(now.subject.stream, () => tellNearlySpent(now.subject, run, budget));
    return answer;
  };

  function judge(run: RunRow, call: Call, { limits, issue }: Terms, spent: Spent): Judged {
    const account = { limits, issue, spent, now: desk.now() };
    const budgets = budgetsOf(account);
    return {
      over: budgets.find(isSpent) ?? tooSmall(call, budgets),
      nearly: budgets.filter((budget) => isNearlySpent(budget) && !issue.warned.includes(budget.scope)),
      answer: longestAnswer(call, budgetsOf({ ...account, spent: underWay.with(spent, run) })),
    };
  }

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
