import type { Pool } from "pg";
import type { Recorded } from "../domain/envelope.ts";
import type { EventType, RigEvent } from "../domain/events.ts";
import type { Subject } from "../domain/ids.ts";
import type { IssueProjection } from "../domain/projection.ts";
import { rows } from "./query.ts";
import { jsonText } from "./text.ts";

/** Events of one read; what they add up to is compared and written together, while the next ones are read and folded. */
const CHUNK = 4_000;

/** What of an event its fold needs: to read the rest would take longer than to fold it. */
export type Told = Pick<Recorded, "stream" | "version" | "occurredAt"> & RigEvent;

/** What the tables have of an issue now. */
export interface Shown extends Subject {
  readonly why: string;
}

/** What a stream's events add up to; undefined: nothing that the tables show. */
export type Fold = (events: readonly Told[], shown: Shown | undefined) => IssueProjection | undefined;

export interface Refolded {
  readonly streams: number;
  readonly events: number;
  /** Where the tables showed something else than history says, by stream: `issue`, `assignment`, `runs`, `gates`. */
  readonly differences: readonly Difference[];
}

export interface Difference {
  readonly stream: string;
  readonly parts: string;
}

type History = readonly Told[];

interface Folded {
  readonly stream: string;
  readonly version: number;
  readonly p: IssueProjection | undefined;
  /** The tables have nothing of it to compare with. */
  readonly missing: boolean;
}

export const rebuildOf = (pool: Pool) => ({
  /** Writes the projections again from history while appends go on; answers how many streams were folded. */
  rebuildProjections: async (fold: Fold): Promise<number> => (await refold(pool, fold, "write")).streams,
});

/** Folds every stream and compares it with the tables; `write` makes the tables right. */
export async function refold(pool: Pool, fold: Fold, mode: "write" | "compare"): Promise<Refolded> {
  const differences: Difference[] = [];
  let streams = 0;
  let events = 0;

  const foldAll = (histories: readonly History[], shown: ReadonlyMap<string, Shown>): readonly Folded[] =>
    histories.map((history) => {
      const stream = streamOf(history);
      const p = fold(history, shown.get(stream));
      return { stream, version: history.at(-1)?.version ?? 0, p, missing: p !== undefined && !shown.has(stream) };
    });

  async function compare(folded: readonly Folded[]): Promise<void> {
    const found = await differing(pool, folded, mode);
    differences.push(...found.filter(({ parts }) => parts !== "moved"));
    // A stream that moved on after it was read is read again, until it holds still for that moment.
    for (const { stream } of found.filter(({ parts }) => parts === "moved")) {
      await compare(foldAll(await read(pool, "stream = $1", [stream]), await shownNow(pool, [stream])));
    }
  }

  let comparing = Promise.resolve();
  for await (const { histories, shown } of historiesOf(pool)) {
    const folded = foldAll(histories, shown);
    await comparing;
    comparing = compare(folded);
    comparing.catch(() => {}); // It is awaited in the next turn.
    streams += histories.length;
    events += histories.reduce((sum, { length }) => sum + length, 0);
  }
  await comparing;
  const strays = await straysOf(pool);
  await compare(strays.map((stream) => ({ stream, version: 0, p: undefined, missing: false })));
  return { streams: streams + strays.length, events, differences };
}

/** Whole streams in the order of their names, many at a time. The next ones are on their way while the caller works. */
async function* historiesOf(pool: Pool) {
  const chunk = async (stream: string, version: number) => {
    const histories = await read(pool, `(stream, version) > ($1, $2) order by stream, version limit ${CHUNK}`, [stream, version]);
    return { histories, shown: await shownNow(pool, [stream, ...histories.map(streamOf)]) };
  };
  let next = chunk("", 0);
  let begun: History = [];
  for (;;) {
    const { histories: parts, shown } = await next;
    const last = parts.at(-1)?.at(-1);
    if (last) {
      next = chunk(last.stream, last.version);
      next.catch(() => {}); // Whoever waits for it hears of it; nobody does where the caller has given up.
    }
    const [first = [], ...others] = parts;
    const joined = streamOf(first) === streamOf(begun) ? [[...begun, ...first], ...others] : [begun, ...parts];
    const histories = joined.filter(({ length }) => length > 0);
    // More of the last stream may follow.
    begun = last ? (histories.pop() ?? []) : [];
    if (histories.length > 0) yield { histories, shown };
    if (!last) return;
  }
}

const streamOf = (history: History): string => history[0]?.stream ?? "";

/** One row a stream: pg takes longer to make a row of each event than to fold it. */
async function read(pool: Pool, where: string, values: readonly unknown[]): Promise<History[]> {
  const found = await rows<{ stream: string; first: number; told: readonly (readonly [EventType, number, object])[] }>(
    pool,
    `select stream, min(version) as first, json_agg(json_build_array(type, date_part('epoch', occurred_at) * 1000, data) order by version) as told
     from (select stream, version, type, data, occurred_at from rig.events where ${where}) e group by stream order by stream`,
    values,
  );
  return found.map(({ stream, first, told }) =>
    // Half a microsecond more: as a fraction a whole millisecond may come out a trifle short.
    told.map(([type, at, data], index) => ({ stream, version: first + index, type, data, occurredAt: new Date(at + 0.0005) }) as Told),
  );
}

/** Where the tables differ; `write` also makes them right, all of a call under the append lock. */
async function differing(pool: Pool, folded: readonly Folded[], mode: "write" | "compare"): Promise<readonly Difference[]> {
  if (folded.length === 0) return [];
  if (mode === "compare") {
    const text =
      "select stream, string_agg(part, ', ' order by part) as parts from rig.projection_differences($1) group by stream order by stream";
    return rows<Difference & Record<string, unknown>>(pool, text, [jsonText(folded.map(({ missing, ...rest }) => rest))]);
  }
  const [missing, shown] = [true, false].map((wanted) =>
    jsonText(folded.filter((one) => one.missing === wanted).map(({ missing, ...rest }) => rest)),
  );
  return rows<Difference & Record<string, unknown>>(
    pool,
    "select stream, part as parts from rig.rebuild_projections($1, $2) order by stream",
    [shown, missing],
  );
}

/** Streams that the tables show and history does not have. */
async function straysOf(pool: Pool): Promise<readonly string[]> {
  const found = await rows<{ stream: string }>(
    pool,
    `select t.stream from (select stream from rig.issues union select stream from rig.assignments union select stream from rig.runs union select stream from rig.gates) t
     where not exists (select from rig.events e where e.stream = t.stream and e.version = 1) order by t.stream`,
  );
  return found.map(({ stream }) => stream);
}

async function shownNow(pool: Pool, streams: readonly string[]): Promise<ReadonlyMap<string, Shown>> {
  const found = await rows<Shown>(
    pool,
    `select stream, installation_id::float8 as "installationId", repository_id::float8 as "repositoryId", owner, repo, number, why
     from rig.issues where stream = any ($1)`,
    [streams],
  );
  return new Map(found.map((shown) => [shown.stream, shown]));
}
