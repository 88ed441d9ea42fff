import type { Pool } from "pg";
import { row } from "./query.ts";

/** The most writes in any window of that length. */
export interface WriteLimits {
  readonly minute: number;
  readonly hour: number;
}

export const writesOf = (pool: Pool) => ({
  /** Takes writes out of an installation's budget: 0, or in how many milliseconds that will be possible. `spare` are left for what is more urgent. */
  async takeWrites(installationId: number, count: number, { minute, hour }: WriteLimits, spare = 0): Promise<number> {
    const keep = Math.min(spare, Math.floor(minute / 3));
    const { wait } = await row<{ wait: number }>(pool, "select rig.take_writes($1, $2, $3, $4) as wait", [
      installationId,
      count,
      minute - keep,
      hour - keep,
    ]);
    return Math.ceil(wait);
  },
});
