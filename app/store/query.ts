import { setTimeout as sleep } from "node:timers/promises";
import type { QueryConfig as PgQuery, Pool, PoolClient, QueryResultRow } from "pg";

/** Serialization failure, deadlock, lock time-out: nothing was done, and the same call may do better at once (F9). */
const TRANSIENT = new Set(["40001", "40P01", "55P03"]);
const ATTEMPTS = 5;

/** Postgres's code for an error, where it is one of Postgres. Every code has a digit, which EPIPE has not. */
export const sqlState = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" && /^(?=.*\d)[0-9A-Z]{5}$/.test(error.code)
    ? error.code
    : undefined;

/** Whether Postgres refused what it was given: the data, a constraint, a right, a limit. Then nothing was written, and another try changes nothing. */
export const isRefusal = (error: unknown): boolean => /^(22|23|42|54|P0)/.test(sqlState(error) ?? "");

/** pg takes a time-out in milliseconds with each query, which its types do not say. */
export type Query = PgQuery & { readonly query_timeout?: number };

/** One statement, one transaction; repeated where Postgres says that it was only bad luck. */
export async function rows<R extends QueryResultRow>(
  db: Pool | PoolClient,
  query: string | Query,
  values: readonly unknown[] = [],
): Promise<R[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return (await db.query<R>(typeof query === "string" ? { text: query, values: [...values] } : query)).rows;
    } catch (error) {
      if (attempt === ATTEMPTS || !TRANSIENT.has(sqlState(error) ?? "")) throw error;
      await sleep(attempt * 10 * (0.5 + Math.random()));
    }
  }
}

/** The one row of a statement that always has one. */
export async function row<R extends QueryResultRow>(
  db: Pool | PoolClient,
  query: string | Query,
  values: readonly unknown[] = [],
): Promise<R> {
  const [first] = await rows<R>(db, query, values);
  if (!first) throw new Error(`The database answered no row to: ${typeof query === "string" ? query : query.text}`);
  return first;
}
