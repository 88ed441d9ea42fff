import { setImmediate as immediate } from "node:timers/promises";
import type { Pool } from "pg";
import { parseEvent } from "../domain/events.ts";
import type { AppendRequest, AppendResult } from "./append.ts";
import { jobRows } from "./jobs.ts";
import { isRefusal, rows } from "./query.ts";
import { jsonText, plainText } from "./text.ts";

const MOST_REQUESTS = 500;
const MOST_WAITING = 20_000;

interface Waiting {
  readonly request: AppendRequest;
  readonly events: readonly EventRow[];
  /** Projection, effects and jobs as JSON, or null: a plain append. */
  readonly more: string | null;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

/** type, data, actor, causation, correlation, dedupe, occurred: the parameters of an event, in the order of the SQL functions. */
type EventRow = readonly [string, string, string, string, string, string | null, Date | null];

interface ResultRow {
  readonly status: AppendResult["result"];
  readonly version: number | null;
  readonly pos: string | null;
  readonly taken_by: string | null;
}

/**
 * Appends that arrive while a transaction is under way go together into the next one; a lone plain one takes the cheap path.
 * Without this the append lock would cap the store at one append per disk flush.
 */
export function groupCommit(pool: Pool): (request: AppendRequest) => Promise<AppendResult> {
  let waiting: Waiting[] = [];
  let busy = false;

  async function work(): Promise<void> {
    busy = true;
    while (waiting.length > 0) {
      const [batch, rest] = nextBatch(waiting);
      waiting = rest;
      await commit(pool, batch);
      // Whoever waited for this batch may append again at once: together, and not one first and then the others.
      if (batch.length > 1) await immediate();
    }
    busy = false;
  }

  return (request) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= MOST_WAITING) throw new Error(`The event store is behind: ${waiting.length} appends wait. Try again later.`);
      waiting.push({ request, events: eventRows(request), more: moreOf(request), resolve, reject });
      if (!busy) void work();
    });
}

/** Requests that depend on each other's rows go one after the other: the same fact twice, or a second document for a stream. */
function nextBatch(waiting: readonly Waiting[]): [batch: Waiting[], rest: Waiting[]] {
  const batch: Waiting[] = [];
  const rest: Waiting[] = [];
  const streams = new Map<string, boolean>();
  const facts = new Set<string>();
  for (const one of waiting) {
    const { stream } = one.request;
    const keys = one.events.flatMap(([, , , , , dedupe]) => dedupe ?? []);
    const before = streams.get(stream);
    const free = before === undefined || (before && one.more === null);
    if (batch.length < MOST_REQUESTS && free && !keys.some((key) => facts.has(key))) {
      batch.push(one);
      for (const key of keys) facts.add(key);
      streams.set(stream, one.more === null);
    } else {
      rest.push(one);
      streams.set(stream, false);
    }
  }
  return [batch, rest];
}

async function commit(pool: Pool, batch: readonly Waiting[]): Promise<void> {
  try {
    const distinct = new Set(batch.map(({ request }) => request.stream)).size === batch.length;
    const plain = distinct && batch.every(({ more, events }) => more === null && events.length === 1);
    const append = !plain ? appendBatch : batch.length === 1 ? appendOne : appendPlain;
    const results = await append(pool, batch);
    batch.forEach(({ resolve, reject }, index) => {
      const result = results[index];
      if (result) resolve(asResult(result));
      else reject(new Error("The database answered fewer results than there were appends."));
    });
  } catch (error) {
    // An error of the data is one request's own; the others are asked again without it. A lost connection is everybody's: the outcome is unknown.
    if (batch.length > 1 && isRefusal(error)) for (const one of batch) await commit(pool, [one]);
    else for (const { reject } of batch) reject(error);
  }
}

const columnsOf = (events: readonly EventRow[]) => [0, 1, 2, 3, 4, 5, 6].map((column) => events.map((event) => event[column]));

const appendOne = (pool: Pool, [one]: readonly Waiting[]): Promise<ResultRow[]> =>
  rows<ResultRow>(pool, {
    name: "append_one",
    text: "select status, version, pos, null as taken_by from rig.append_one($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    values: [one?.request.stream, one?.request.expectedVersion, ...(one?.events[0] ?? [])],
  });

const appendPlain = (pool: Pool, batch: readonly Waiting[]): Promise<ResultRow[]> =>
  rows<ResultRow>(pool, {
    name: "append_plain",
    text: "select status, version, pos, taken_by from rig.append_plain($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    values: [
      batch.map(({ request }) => request.stream),
      batch.map(({ request }) => request.expectedVersion),
      ...columnsOf(batch.flatMap(({ events }) => events)),
    ],
  });

function appendBatch(pool: Pool, batch: readonly Waiting[]): Promise<ResultRow[]> {
  const streams = [...new Set(batch.map(({ request }) => request.stream))];
  const places = new Map(streams.map((stream, index) => [stream, index + 1]));
  return rows<ResultRow>(pool, {
    name: "append_batch",
    text: "select status, version, pos, taken_by from rig.append_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    values: [
      streams,
      batch.map(({ request }) => places.get(request.stream)),
      batch.map(({ request }) => request.expectedVersion),
      batch.map(({ events }) => events.length),
      batch.map(({ more }) => more),
      ...columnsOf(batch.flatMap(({ events }) => events)),
    ],
  });
}

const eventRows = ({ events }: AppendRequest): EventRow[] =>
  events.map(({ type, data, actor, causationId, correlationId, dedupeKey, occurredAt }) => [
    type,
    jsonText(parseEvent(type, data).data),
    jsonText(actor),
    plainText(causationId),
    plainText(correlationId),
    dedupeKey === undefined ? null : plainText(dedupeKey),
    occurredAt ?? null,
  ]);

function moreOf({ events, projection, commands, jobs }: AppendRequest): string | null {
  if (!projection && !commands?.length && !jobs?.length && events.length > 0) return null;
  const planned = (commands ?? []).map(({ key, kind, lane, data, delayMs }) => ({ key, kind, lane, data, delay_ms: delayMs }));
  return jsonText({ ...(projection && { projection }), commands: planned, jobs: jobRows(jobs) });
}

function asResult({ status, version, pos, taken_by }: ResultRow): AppendResult {
  switch (status) {
    case "accepted":
      return { result: status, version: Number(version), position: Number(pos) };
    case "duplicate":
      return { result: status, position: Number(pos) };
    case "conflict":
      return { result: status, version: Number(version) };
    case "taken":
      return { result: status, by: String(taken_by) };
  }
}
