import { hostname } from "node:os";
import type { Pool } from "pg";
import { row, rows } from "./query.ts";

export const LEASE_MS = 15_000;

export const workersOf = (pool: Pool) => ({
  /** Says that a worker pool of this process lives for another `leaseMs`. */
  async renewWorker(poolId: string, leaseMs = LEASE_MS): Promise<void> {
    await rows(
      pool,
      `insert into rig.workers (pool_id, host, pid, lease_until) values ($1, $2, $3, clock_timestamp() + $4 * interval '1 millisecond')
       on conflict (pool_id) do update set lease_until = excluded.lease_until`,
      [poolId, hostname(), process.pid, leaseMs],
    );
  },

  /** Gives up a worker pool's lease, and with it whatever job it still has. */
  async endWorker(poolId: string): Promise<void> {
    await rows(pool, "select rig.free_pools(array[$1])", [poolId]);
  },

  /** Frees the jobs of worker pools whose lease has run out; answers their names. */
  async unlockDead(graceMs = LEASE_MS): Promise<string[]> {
    return (await row<{ dead: string[] }>(pool, "select rig.unlock_dead($1 * interval '1 millisecond') as dead", [graceMs])).dead;
  },
});
