import type { Pool } from "pg";
import { type JobRequest, jobRows } from "./jobs.ts";
import { isRefusal, row, rows } from "./query.ts";
import { jsonText, plainText } from "./text.ts";

/** GitHub waits ten seconds for an answer; who takes longer to store a delivery refuses it, and it comes again (F9). */
const STORE_WITHIN_MS = 5000;

export interface NewDelivery {
  readonly guid: string;
  readonly event: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly raw: Buffer;
  /** The task of its job; the payload is `{guid}`. */
  readonly task: string;
}

export type DeliveryState = "stored" | "handled" | "ignored" | "dead";

export interface Delivery {
  readonly guid: string;
  readonly event: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Null once pruned. */
  readonly raw: Buffer | null;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly error: string | null;
  readonly receivedAt: Date;
}

export const deliveriesOf = (pool: Pool) => ({
  /** Stores a delivery and its job; returns only when that is committed (R-ES1), and throws where that is in doubt. */
  async storeDelivery({ guid, event, headers, raw, task }: NewDelivery): Promise<"stored" | "duplicate"> {
    const client = await pool.connect(); // Where this fails, nothing was sent: there is nothing to look up.
    try {
      const { stored } = await row<{ stored: boolean }>(client, {
        name: "store_delivery",
        text: "select rig.store_delivery($1, $2, $3, $4, $5) as stored",
        values: [guid, plainText(event), jsonText(headers), raw, task],
        query_timeout: STORE_WITHIN_MS,
      });
      client.release();
      return stored ? "stored" : "duplicate";
    } catch (error) {
      client.release(true);
      // The connection was lost and perhaps only the answer with it: a row that can be read is committed (F8).
      if (isRefusal(error)) throw error;
      const there = await rows(pool, "select from rig.deliveries where guid = $1", [guid]).catch(() => []);
      if (there.length > 0) return "stored";
      throw error;
    }
  },

  async loadDelivery(guid: string): Promise<Delivery | undefined> {
    const [found] = await rows<Delivery>(
      pool,
      'select guid, event, headers, raw, state, attempts, error, received_at as "receivedAt" from rig.deliveries where guid = $1',
      [guid],
    );
    return found;
  },

  /** Notes what became of a delivery and adds what is to be done about it, together. `stored` with an error: this attempt failed and another will come. */
  async settleDelivery(guid: string, state: DeliveryState, error?: string, jobs: readonly JobRequest[] = []): Promise<void> {
    const { settled } = await row<{ settled: boolean }>(pool, "select rig.settle_delivery($1, $2, $3, $4) as settled", [
      guid,
      state,
      error === undefined ? null : plainText(error),
      jsonText(jobRows(jobs)),
    ]);
    if (!settled) throw new Error(`There is no delivery ${guid}.`);
  },
});
