/** What `db/migrations/0005_effects.sql` does with effects: planned once by key, one at a time in a lane, older pictures dropped. */
import { isDeepStrictEqual } from "node:util";
import type { EffectOutcome, PlannedCommand } from "../../../app/domain/commands.ts";
import type { Claim, Settlement } from "../../../app/store/effects.ts";
import type { Jobs } from "./jobs.ts";

export interface EffectRow {
  readonly id: number;
  readonly key: string;
  readonly stream: string;
  readonly kind: PlannedCommand["kind"];
  readonly lane: string | undefined;
  readonly data: unknown;
  readonly cause: number;
  readonly plannedAt: Date;
  state: EffectOutcome["state"];
  attempts: number;
  epoch: number;
  dueAt: Date;
  leaseUntil?: Date;
  response?: unknown;
  error?: string | undefined;
  settledAt?: Date;
}

type Planned = PlannedCommand & { readonly delayMs?: number | undefined };

export function createEffects(jobs: Jobs, now: () => Date) {
  const rows = new Map<string, EffectRow>();
  /** Keys that were planned a second time: the second command would never be carried out. */
  const planTwice: string[] = [];
  const later = (ms: number) => new Date(now().getTime() + ms);
  const job = (key: string, runAt: Date) => ({ task: "effect", payload: { key }, key: `effect:${key}`, runAt });
  const open = ({ state }: EffectRow) => state === "planned" || state === "sent";
  const freeAt = ({ state, leaseUntil, dueAt }: EffectRow) => (state === "sent" && leaseUntil ? leaseUntil : dueAt);
  const get = (key: string): EffectRow => {
    const row = rows.get(key);
    if (!row) throw new Error(`There is no effect ${key}.`);
    return row;
  };

  const effects = {
    rows,
    planTwice,
    plan(stream: string, commands: readonly Planned[], cause: number): void {
      const lanes = commands.filter(({ kind }) => kind === "SHOW").map(({ lane }) => lane);
      for (const row of rows.values())
        if (row.kind === "SHOW" && row.state === "planned" && lanes.includes(row.lane))
          Object.assign(row, { state: "superseded", settledAt: now() });
      for (const { key, kind, lane, data, delayMs = 0 } of commands) {
        const known = rows.get(key);
        if (known) planTwice.push(`${key}${isDeepStrictEqual(known.data, data) ? "" : " with another meaning"}`);
        if (known) continue;
        const row: EffectRow = {
          ...{ id: rows.size + 1, key, stream, kind, lane, data: structuredClone(data), cause },
          ...{ plannedAt: now(), state: "planned", attempts: 0, epoch: 0, dueAt: later(delayMs) },
        };
        rows.set(key, row);
        jobs.add([job(key, row.dueAt)]);
      }
    },
    claimEffect: async (key: string, leaseMs: number): Promise<Claim> => {
      const row = get(key);
      if (!open(row)) return { state: row.state as "confirmed" };
      let until = freeAt(row);
      const ahead =
        row.lane === undefined
          ? undefined
          : [...rows.values()].filter((one) => one.lane === row.lane && one.id < row.id && open(one)).toSorted((a, b) => a.id - b.id)[0];
      if (until <= now() && ahead)
        until = new Date(Math.min(Math.max(freeAt(ahead).getTime(), later(1000).getTime()), later(60_000).getTime()));
      if (until > now()) {
        jobs.add([job(key, until)]);
        return { wait: until.getTime() - now().getTime() };
      }
      const unknown = row.state === "sent";
      Object.assign(row, { state: "sent", epoch: row.epoch + 1, attempts: row.attempts + 1, leaseUntil: later(leaseMs) });
      const { kind, data, stream, cause, attempts, plannedAt, lane, response } = row;
      const effect = {
        ...{ key, kind, data, stream, cause, attempts, plannedAt },
        ...(lane === undefined ? {} : { lane }),
        ...(response === undefined ? {} : { remembered: response }),
      } as Extract<Claim, { effect: unknown }>["effect"];
      return { effect, epoch: row.epoch, unknown };
    },
    settle(key: string, epoch: number, state: "confirmed" | "dead" | "planned" | "sent", settlement: Settlement): boolean {
      const { response, error, retryMs = 0, jobs: more = [] } = settlement;
      const row = get(key);
      if (row.epoch !== epoch || row.state !== "sent") return false;
      const again = state === "planned" || state === "sent";
      Object.assign(row, { state, error, ...(response === undefined ? {} : { response: structuredClone(response) }) });
      if (again) Object.assign(row, { dueAt: later(retryMs), leaseUntil: later(retryMs) });
      else row.settledAt = now();
      jobs.add(more);
      const next = [...rows.values()].find((one) => one.lane !== undefined && one.lane === row.lane && one.state === "planned");
      if (again) jobs.add([job(key, row.dueAt)]);
      else if (next) jobs.add([job(next.key, next.dueAt)]);
      return true;
    },
    rememberEffect: async (key: string, epoch: number, response: unknown): Promise<boolean> => {
      const row = get(key);
      if (row.epoch !== epoch || row.state !== "sent") return false;
      row.response = structuredClone(response);
      return true;
    },
    /** What nobody tried is no attempt. */
    putOffEffect: async (key: string, epoch: number, unknown: boolean, retryMs: number, error?: string): Promise<boolean> => {
      const given = effects.settle(key, epoch, unknown ? "sent" : "planned", { retryMs, error });
      if (given) get(key).attempts -= 1;
      return given;
    },
    outcomesOf: (stream: string): EffectOutcome[] => {
      const mine = [...rows.values()].filter((row) => row.stream === stream);
      const last = new Map(mine.filter(({ kind }) => kind === "SHOW").map((row) => [row.lane, row.id]));
      return mine
        .filter((row) => row.kind !== "SHOW" || last.get(row.lane) === row.id)
        .map(({ key, kind, state, data, response, error, settledAt }) => ({
          ...{ key, kind, state, data, response: response ?? null },
          ...(error === undefined ? {} : { error }),
          ...(settledAt ? { settledAt } : {}),
        }));
    },
  };
  return effects;
}
