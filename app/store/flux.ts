import type { Pool } from "pg";
import type { FluxReport } from "../domain/flux.ts";
import type { Sha } from "../domain/ids.ts";
import type { NewSignal } from "../domain/signal.ts";
import { type JobRequest, jobRows } from "./jobs.ts";
import { row, rows } from "./query.ts";
import { signalRows } from "./signals.ts";
import { jsonText } from "./text.ts";

type Row = Omit<FluxReport, "sha"> & { readonly sha: Sha | null };

/** With what else is to be done because of what was heard. */
export interface Because {
  readonly cause: string;
  readonly jobs?: readonly JobRequest[];
}

export const fluxOf = (pool: Pool) => ({
  async fluxReport(object: string): Promise<FluxReport | undefined> {
    const [found] = await rows<Row>(pool, "select object, sha, revision, ready, message, at from rig.flux_reports where object = $1", [
      object,
    ]);
    if (!found) return undefined;
    const { sha, ...report } = found;
    return { ...report, ...(sha ? { sha } : {}) };
  },

  /**
   * Keeps a report with the signals and jobs that follow from it. False, and none of it, where a later one is there already, or where it
   * says no more than that something of the revision that is there is under way (`progress`).
   */
  async saveFluxReport(
    report: FluxReport & { readonly progress?: boolean },
    signals: readonly NewSignal[] = [],
    { cause, jobs }: Because = { cause: "flux" },
  ): Promise<boolean> {
    const { heard } = await row<{ heard: boolean }>(pool, "select rig.hear_flux($1, $2, $3) as heard", [
      jsonText(report),
      jsonText(signalRows(signals, cause)),
      jsonText(jobRows(jobs)),
    ]);
    return heard;
  },
});
