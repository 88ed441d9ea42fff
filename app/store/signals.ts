import type { Pool } from "pg";
import type { NewSignal, Signal } from "../domain/signal.ts";
import type { JobRequest } from "./jobs.ts";
import { jobRows } from "./jobs.ts";
import { row, rows } from "./query.ts";
import { jsonText } from "./text.ts";

type Row = Omit<Signal, "url"> & { readonly url: string | null };

const SIGNAL = `
  select fingerprint, repository_id::float8 as "repositoryId", source, name, service, severity, firing, since, changes, summary, detail, url
  from rig.signals`;

const signalIn = ({ url, ...signal }: Row): Signal => ({ ...signal, ...(url ? { url } : {}) });

/** An incident is looked at now, also where a later look at it was planned. */
const incidentJob = (fingerprint: string, cause: string): JobRequest => ({
  task: "incident",
  payload: { fingerprint, cause },
  key: `incident:${fingerprint}`,
});

/** Signals as `rig.hear_signals` reads them. */
export const signalRows = (signals: readonly NewSignal[], cause: string) =>
  signals.map(({ repositoryId, patience, onlyIfKnown, ...signal }) => ({
    ...signal,
    repository_id: repositoryId,
    failures: patience?.failures,
    for_ms: patience?.forMs,
    gap_ms: patience?.gapMs,
    only_if_known: onlyIfKnown,
    job: jobRows([incidentJob(signal.fingerprint, cause)])[0],
  }));

export const signalsOf = (pool: Pool) => {
  /** Keeps what was heard, and has the incidents looked at of which something that matters changed; answers their fingerprints. */
  const saveSignals = async (signals: readonly NewSignal[], cause: string): Promise<readonly string[]> => {
    if (signals.length === 0) return [];
    const changed = await rows<{ fingerprint: string }>(pool, "select fingerprint from rig.hear_signals($1, '[]') fingerprint", [
      jsonText(signalRows(signals, cause)),
    ]);
    return changed.map(({ fingerprint }) => fingerprint);
  };
  return {
    saveSignals,

    /** Whether it began or stopped firing, or fires with another severity or summary; then its incident is looked at. */
    async saveSignal(signal: NewSignal, cause = "signal"): Promise<{ readonly changed: boolean }> {
      return { changed: (await saveSignals([signal], cause)).length > 0 };
    },

    async signal(fingerprint: string): Promise<Signal | undefined> {
      return (await rows<Row>(pool, `${SIGNAL} where fingerprint = $1`, [fingerprint])).map(signalIn)[0];
    },

    async signalsOf(repositoryId: number): Promise<readonly Signal[]> {
      return (await rows<Row>(pool, `${SIGNAL} where repository_id = $1 order by source, name, fingerprint`, [repositoryId])).map(signalIn);
    },

    async firingSignals(): Promise<readonly Signal[]> {
      return (await rows<Row>(pool, `${SIGNAL} where firing order by repository_id, source, name, fingerprint`)).map(signalIn);
    },

    /** Whether the caller may look at a repository's production: nobody else does until `endWatch`, or for that long. */
    async beginWatch(repositoryId: number, forMs: number): Promise<boolean> {
      const { may } = await row<{ may: boolean }>(pool, "select rig.begin_watch($1, $2 * interval '1 millisecond') as may", [
        repositoryId,
        forMs,
      ]);
      return may;
    },

    async endWatch(repositoryId: number): Promise<void> {
      await rows(pool, "update rig.watches set held_until = clock_timestamp() where repository_id = $1", [repositoryId]);
    },
  };
};
