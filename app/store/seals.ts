import type { Pool } from "pg";
import { row, rows } from "./query.ts";

export interface SealedBlock {
  readonly from: number;
  readonly to: number;
  readonly intact: boolean;
}

export const sealsOf = (pool: Pool) => ({
  /** Seals what is not sealed yet; answers the last sealed position and its hash, to be published outside. */
  async seal(block = 1000): Promise<{ readonly position: number; readonly hash: string }> {
    for (;;) {
      const { sealed } = await row<{ sealed: string | null }>(pool, "select rig.seal($1) as sealed", [block]);
      if (sealed === null) break;
    }
    const [last] = await rows<{ position: number; hash: string }>(
      pool,
      "select to_position::float8 as position, encode(hash, 'hex') as hash from rig.seals order by to_position desc limit 1",
    );
    return last ?? { position: 0, hash: "" };
  },

  /** Every sealed block, and whether its events are still those that were sealed. */
  verifySeals: (): Promise<SealedBlock[]> =>
    rows<SealedBlock>(pool, 'select from_position::float8 as "from", to_position::float8 as "to", intact from rig.verify()'),
});
