import type { Pool } from "pg";
import type { RunId, Sha } from "../domain/ids.ts";
import { row, rows } from "./query.ts";

/** Work in progress that a run left behind. */
export interface Checkpoint {
  readonly runId: RunId;
  readonly baseSha: Sha;
  /** One commit on the base; the base itself where there was no work. */
  readonly sha: Sha;
  /** Bytes of the git bundle with that commit; 0 where there was no work. */
  readonly size: number;
}

export const checkpointsOf = (pool: Pool) => ({
  /** Keeps a run's work in progress and forgets what earlier runs of the issue left. False: the run is unknown or fenced. */
  async saveCheckpoint({ runId, baseSha, sha, bytes }: Omit<Checkpoint, "size"> & { readonly bytes: Buffer }): Promise<boolean> {
    return (await row<{ kept: boolean }>(pool, "select rig.save_checkpoint($1, $2, $3, $4) as kept", [runId, baseSha, sha, bytes])).kept;
  },

  async checkpoint(runId: string): Promise<Checkpoint | undefined> {
    const columns = `run_id as "runId", base_sha as "baseSha", sha, length(bytes) as size`;
    return (await rows<Checkpoint>(pool, `select ${columns} from rig.checkpoints where run_id = $1`, [runId]))[0];
  },

  /** The git bundle. */
  async checkpointBytes(runId: string): Promise<Buffer | undefined> {
    return (await rows<{ bytes: Buffer }>(pool, "select bytes from rig.checkpoints where run_id = $1", [runId]))[0]?.bytes;
  },
});
