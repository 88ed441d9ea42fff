/** Calls under way in this process: what each may cost at most counts until it is known what it did cost. */
import type { RunRow, Spent } from "../../store/runs.ts";

/** What a call may use up at most. */
export interface Worst {
  readonly usd: number;
  readonly tokens: number;
}

type Whose = Pick<RunRow, "runId" | "stream" | "repositoryId">;

export function callsUnderWay() {
  const calls = new Set<{ readonly whose: Whose; worst: Worst }>();
  const sum = (what: keyof Worst, belongs: (whose: Whose) => boolean) =>
    [...calls].reduce((total, { whose, worst }) => (belongs(whose) ? total + worst[what] : total), 0);

  return {
    ofRun: (runId: string): number => [...calls].filter(({ whose }) => whose.runId === runId).length,
    begin(whose: Whose) {
      const call = { whose, worst: { usd: 0, tokens: 0 } };
      calls.add(call);
      return {
        holds: (worst: Worst) => {
          call.worst = worst;
        },
        end: () => void calls.delete(call),
      };
    },
    /** What was spent, and what the calls under way may add to it. */
    with({ usd, tokens }: Spent, { runId, stream, repositoryId }: Whose): Spent {
      const add = (amounts: Spent["usd"], what: keyof Worst) => ({
        run: amounts.run + sum(what, (whose) => whose.runId === runId),
        issue: amounts.issue + sum(what, (whose) => whose.stream === stream),
        day: amounts.day + sum(what, (whose) => whose.repositoryId === repositoryId),
      });
      return { usd: add(usd, "usd"), tokens: add(tokens, "tokens") };
    },
  };
}

export type CallsUnderWay = ReturnType<typeof callsUnderWay>;
