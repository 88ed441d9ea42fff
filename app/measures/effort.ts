/** What a verified change takes: money, people's time, and waiting. */
import { hundredths, minutesBetween, type Spread, spreadOf } from "./statistics.ts";
import { byStream, type Told } from "./told.ts";

export interface Effort {
  /** Issues that were done in the window, with production seen live and healthy. */
  readonly verifiedChanges: number;
  /** Dollars of the agents' runs, by verified change. */
  readonly usd: Spread;
  /** Minutes that a verified change waited for people: at its human gates, and for the reviewers of an environment. */
  readonly humanMinutes: Spread;
  /** Minutes from an issue's approval until an agent first got it. */
  readonly queueWaitMinutes: Spread;
  /** Minutes from a gate's triggering to its approval. */
  readonly gateWaitMinutes: Spread;
  /** Everything that was spent, also on what came to nothing, by verified change; null where none was. */
  readonly usdOfAllPerVerifiedChange: number | null;
}

export interface Period {
  readonly begin?: Date | undefined;
  readonly end?: Date | undefined;
}

interface Parts {
  readonly repo: string;
  readonly usd?: number;
  readonly humanMinutes?: number;
  readonly queueWait?: number;
  readonly gateWait?: number;
}

/** Everything that ended in a period, over all repositories and for each; `spent` are the dollars of that time. */
export function effort(
  told: readonly Told[],
  period: Period,
  spent: { readonly usd: number; readonly repositories: Readonly<Record<string, number>> },
): Effort & { readonly repositories: Readonly<Record<string, Effort>> } {
  const parts = [...byStream(told).values()].flatMap((events) => partsOf(events, period));
  const repositories = [...Map.groupBy(parts, ({ repo }) => repo)];
  return {
    ...summed(parts, spent.usd),
    repositories: Object.fromEntries(repositories.map(([repo, own]) => [repo, summed(own, spent.repositories[repo] ?? 0)])),
  };
}

/** Of a repository where nothing ended. */
export const noEffort: Effort = summed([], 0);

function partsOf(events: readonly Told[], { begin, end }: Period): readonly Parts[] {
  let approved: Date | undefined;
  let verified = false;
  const triggered = new Map<string, Date>();
  return events.flatMap(({ type, at, repo, data }): readonly Parts[] => {
    const counts = (!begin || at >= begin) && (!end || at < end);
    switch (type) {
      case "ISSUE_APPROVED":
        approved = at;
        return [];
      case "ISSUE_ASSIGNED": {
        const queueWait = approved && counts ? [{ repo, queueWait: minutesBetween(approved, at) }] : [];
        approved = undefined;
        return queueWait;
      }
      case "HUMAN_GATE_TRIGGERED":
        triggered.set(`${data.headSha} ${data.gate}`, at);
        return [];
      case "HUMAN_GATE_APPROVED": {
        const since = triggered.get(`${data.headSha} ${data.gate}`);
        return since && counts ? [{ repo, gateWait: minutesBetween(since, at) }] : [];
      }
      case "VERIFIED":
        verified = true;
        return [];
      case "ISSUE_DONE":
        return verified && counts ? [{ repo, usd: data.usd, humanMinutes: data.humanWaitMinutes }] : [];
      default:
        return [];
    }
  });
}

function summed(parts: readonly Parts[], spent: number): Effort {
  const all = (pick: (part: Parts) => number | undefined) => parts.flatMap((part) => pick(part) ?? []);
  const usd = all((part) => part.usd);
  return {
    verifiedChanges: usd.length,
    usd: spreadOf(usd),
    humanMinutes: spreadOf(all((part) => part.humanMinutes)),
    queueWaitMinutes: spreadOf(all((part) => part.queueWait)),
    gateWaitMinutes: spreadOf(all((part) => part.gateWait)),
    usdOfAllPerVerifiedChange: usd.length === 0 ? null : hundredths(spent / usd.length),
  };
}
