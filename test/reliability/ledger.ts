/** Compares what was promised with what is there, as Jepsen's set checker does. */
import { type Attempt, isAcknowledged } from "./sender.ts";

export interface Verdict {
  readonly tries: number;
  /** Different deliveries that were tried. */
  readonly attempted: number;
  readonly acknowledged: number;
  readonly stored: number;
  /** Acknowledged, and not there. */
  readonly lost: readonly string[];
  /** There more than once, or called new more than once. */
  readonly duplicated: readonly string[];
  /** There, though nobody sent it. */
  readonly unexpected: readonly string[];
  /** There, though the first try had no answer that said so. */
  readonly recovered: number;
}

export function judge(attempts: readonly Attempt[], stored: readonly string[]): Verdict {
  const attempted = new Set(attempts.map(({ guid }) => guid));
  const acknowledged = new Set(attempts.filter(isAcknowledged).map(({ guid }) => guid));
  const there = new Set(stored);
  const called = attempts.filter(({ result }) => result === "stored").map(({ guid }) => guid);
  const unanswered = new Set<string>();
  let recovered = 0;
  for (const attempt of attempts) {
    if (!isAcknowledged(attempt)) unanswered.add(attempt.guid);
    else if (unanswered.delete(attempt.guid) && attempt.result === "duplicate") recovered += 1;
  }
  return {
    tries: attempts.length,
    attempted: attempted.size,
    acknowledged: acknowledged.size,
    stored: there.size,
    lost: [...acknowledged].filter((guid) => !there.has(guid)),
    duplicated: [...new Set([...repeated(stored), ...repeated(called)])],
    unexpected: [...there].filter((guid) => !attempted.has(guid)),
    recovered,
  };
}

const repeated = (list: readonly string[]): readonly string[] => {
  const seen = new Set<string>();
  return list.filter((item) => seen.size === seen.add(item).size);
};

/** One line for people. */
export const verdictLine = (what: string, verdict: Verdict): string => {
  const { tries, attempted, acknowledged, stored, recovered, lost, duplicated, unexpected } = verdict;
  return `${what}: ${attempted} attempted (${tries} tries) · ${acknowledged} acknowledged · ${stored} stored · ${recovered} recovered · ${lost.length} lost · ${duplicated.length} duplicated · ${unexpected.length} unexpected\n`;
};
