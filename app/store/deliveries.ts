import type { Pool } from "pg";
import { inBatches } from "./batches.ts";
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

export interface StoreHealth {
  readonly deliveriesStored: number;
  /** Put aside with a reason (R-Q4). */
  readonly deliveriesDead: number;
  readonly effectsOpen: number;
  readonly workers: number;
}

/** Bytes of the bodies that go into one transaction, and transactions at once: a large body goes alone, and two flushes overlap. */
const BATCH = { most: 1024 * 1024, weigh: ({ raw }: NewDelivery) => raw.length + 1024, atOnce: 2 };

export const deliveriesOf = (pool: Pool) => ({
  /** Stores a delivery and its job; returns only when that is committed (R-ES1), and throws where that is in doubt. */
  storeDelivery: inBatches(BATCH, (deliveries: readonly NewDelivery[]) => storeAll(pool, deliveries)),

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

  /** Which of these have come, whatever became of them. */
  async knownDeliveries(guids: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await rows<{ guid: string }>(pool, "select guid from rig.deliveries where guid = any ($1)", [guids]);
    return new Set(found.map(({ guid }) => guid));
  },

  /** Until when GitHub's record of its deliveries was gone through, by GitHub's clock. */
  async deliveriesConfirmedUntil(): Promise<Date | undefined> {
    return (await rows<{ until: Date }>(pool, "select confirmed_until as until from rig.delivery_cursor"))[0]?.until;
  },

  async confirmDeliveriesUntil(until: Date): Promise<void> {
    await rows(
      pool,
      `insert into rig.delivery_cursor as c (confirmed_until) values ($1)
       on conflict (one) do update set confirmed_until = excluded.confirmed_until where c.confirmed_until < excluded.confirmed_until`,
      [until],
    );
  },

  /**
   * `ask`: the caller may ask GitHub to send a delivery again, and nobody else for `withinMs`, or ever once it is answered.
   * `open`: somebody else is about to, or was interrupted a moment ago.
   */
  async askRedelivery(guid: string, withinMs: number): Promise<"ask" | "open" | "answered"> {
    const { may } = await row<{ may: "ask" | "open" | "answered" }>(
      pool,
      "select rig.ask_redelivery($1, $2 * interval '1 millisecond') as may",
      [guid, withinMs],
    );
    return may;
  },

  async redeliveryAnswered(guid: string): Promise<void> {
    await rows(pool, "update rig.redeliveries set answered_at = clock_timestamp() where guid = $1", [guid]);
  },

  /** How the store stands: what waits, what was given up, and which worker pools hold a lease. */
  storeHealth: (): Promise<StoreHealth> =>
    row<StoreHealth & Record<string, unknown>>(
      pool,
      `select (select count(*)::int from rig.deliveries where state = 'stored') as "deliveriesStored",
         (select count(*)::int from rig.deliveries where state = 'dead') as "deliveriesDead",
         (select count(*)::int from rig.effects where state in ('planned', 'sent')) as "effectsOpen",
         (select count(*)::int from rig.workers where lease_until > clock_timestamp()) as workers`,
    ),
});

async function storeAll(pool: Pool, deliveries: readonly NewDelivery[]): Promise<readonly ("stored" | "duplicate")[]> {
  const guids = deliveries.map(({ guid }) => guid.toLowerCase());
  try {
    const columns = [
      guids,
      deliveries.map(({ event }) => plainText(event)),
      deliveries.map(({ headers }) => jsonText(headers)),
      deliveries.map(({ raw }) => raw),
      deliveries.map(({ task }) => task),
    ];
    const found = await rows<{ guid: string }>(pool, { ...statement(columns), query_timeout: STORE_WITHIN_MS });
    const stored = new Set(found.map(({ guid }) => guid));
    // Of one delivery that came twice in this batch, the first stored it.
    return guids.map((guid) => (stored.delete(guid) ? "stored" : "duplicate"));
  } catch (error) {
    // The connection was lost and perhaps only the answer with it: rows that can be read are committed, all or none of them (F8).
    if (isRefusal(error)) throw error;
    const there = await rows(pool, "select from rig.deliveries where guid = any ($1)", [guids]).catch(() => []);
    if (there.length >= new Set(guids).size) return guids.map(() => "stored");
    throw error;
  }
}

/** A lone delivery's bytes travel as they are; in an array they would have to be written as text, which 25 MB are too many for. */
const statement = (columns: readonly (readonly unknown[])[]) =>
  columns[0]?.length === 1
    ? {
        name: "store_delivery",
        text: "select guid from rig.store_deliveries(array[$1::uuid], array[$2], array[$3::jsonb], array[$4::bytea], array[$5]) guid",
        values: columns.map(([only]) => only),
      }
    : { name: "store_deliveries", text: "select guid from rig.store_deliveries($1, $2, $3, $4, $5) guid", values: [...columns] };
