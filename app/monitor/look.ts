import type { Policy } from "../domain/policy.ts";
import { fingerprintOf, type NewSignal, type SignalSource } from "../domain/signal.ts";
import type { Repository } from "../store/repositories.ts";
import type { Heard } from "./heard-text.ts";

/** One thing that is looked at. */
export interface Look {
  readonly what: string;
  /** The signals that it may tell of. */
  readonly fingerprints: readonly string[];
  /** What it shows now. A look that cannot say throws; one that is told to stop need not end. */
  readonly look: (signal: AbortSignal) => Promise<readonly NewSignal[]>;
}

/** What every look of a repository needs. */
export interface Ground {
  readonly repository: Pick<Repository, "id" | "owner" | "name">;
  readonly monitor: Policy["monitor"];
  readonly heard: Heard;
  readonly now: () => Date;
  readonly info: (told: object, message: string) => void;
}

/** Bad looks are in a row where no more than some were left out between them. */
const GAP_LOOKS = 5;
const LEAST_GAP_MS = 60_000;
export const gapMs = ({ every }: Policy["monitor"]): number => Math.max(every * GAP_LOOKS, LEAST_GAP_MS);

const MOST = { name: 120, service: 60, summary: 300, detail: 2_000 } as const;

/** The texts of a signal, whoever wrote them: capped, on one line, without secrets. */
export function signalOf(
  { repository, heard }: Pick<Ground, "repository" | "heard">,
  source: SignalSource,
  identity: readonly string[],
  told: Pick<NewSignal, "name" | "severity" | "firing" | "summary" | "detail"> &
    Partial<Pick<NewSignal, "since" | "patience" | "onlyIfKnown">> & {
      readonly service?: string | undefined;
      readonly url?: string | undefined;
    },
): NewSignal {
  const { service, url, ...rest } = told;
  return {
    ...rest,
    fingerprint: fingerprintOf(repository.id, source, identity),
    repositoryId: repository.id,
    source,
    name: heard(told.name, MOST.name) || source,
    service: heard(service ?? "", MOST.service) || repository.name,
    summary: heard(told.summary, MOST.summary),
    detail: heard(told.detail, MOST.detail),
    ...(url ? { url } : {}),
  };
}
