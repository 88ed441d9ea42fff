import type { Pool } from "pg";
import type { EffectOutcome, PlannedCommand, Surface } from "../domain/commands.ts";
import { type JobRequest, jobRows } from "./jobs.ts";
import { row, rows } from "./query.ts";
import { jsonText, plainText } from "./text.ts";

/** An effect as its executor gets it. */
export type Effect = PlannedCommand & {
  readonly stream: string;
  /** Position of the event it follows from. */
  readonly cause: number;
  /** Claims so far, this one included. */
  readonly attempts: number;
  readonly plannedAt: Date;
  /** What an earlier attempt remembered. */
  readonly remembered?: unknown;
};

export type EffectState = EffectOutcome["state"];

export type Claim =
  /** Ours until the lease ends. `unknown`: an earlier holder may have done it, so probe the world first (R-Q2). */
  | { readonly effect: Effect; readonly epoch: number; readonly unknown: boolean }
  | { readonly state: "confirmed" | "dead" | "superseded" }
  /** Another holds it, its lane is taken, or it is not due: nothing to do now, its job is planned again for then. */
  | { readonly wait: number };

export interface Settlement {
  readonly response?: unknown;
  readonly error?: string | undefined;
  /** Milliseconds until the next attempt, for `planned` and `sent`. */
  readonly retryMs?: number | undefined;
  readonly surface?:
    | { readonly stream: string; readonly surface: Surface; readonly hash: string; readonly externalId?: string | undefined }
    | undefined;
  readonly run?: { readonly runId: string; readonly workflowRunId: number; readonly workflowRunUrl: string } | undefined;
  readonly jobs?: readonly JobRequest[] | undefined;
}

export interface Shown {
  readonly surface: Surface;
  readonly hash: string;
  readonly externalId: string | null;
  readonly shownAt: Date;
}

interface EffectRow {
  readonly key: string;
  readonly stream: string;
  readonly kind: PlannedCommand["kind"];
  readonly lane: string | null;
  readonly payload: unknown;
  readonly cause: string;
  readonly state: EffectState;
  readonly attempts: number;
  readonly epoch: number;
  readonly planned_at: Date;
  readonly response: unknown;
}
type ClaimRow = EffectRow & {
  readonly outcome: "claimed" | "settled" | "wait" | "missing";
  readonly wait_ms: number;
  readonly unknown: boolean;
};

export const effectsOf = (pool: Pool) => ({
  /** Takes an effect for `leaseMs`, which has to outlast the call. */
  async claimEffect(key: string, leaseMs: number): Promise<Claim> {
    const claim = await row<ClaimRow>(pool, {
      name: "claim_effect",
      text: "select c.outcome, c.wait_ms, c.unknown, (c.effect).* from rig.claim_effect($1, $2 * interval '1 millisecond') c",
      values: [key, leaseMs],
    });
    switch (claim.outcome) {
      case "claimed":
        return { effect: asEffect(claim), epoch: claim.epoch, unknown: claim.unknown };
      case "wait":
        return { wait: Math.ceil(claim.wait_ms) };
      case "settled":
        if (claim.state === "planned" || claim.state === "sent")
          throw new Error(`The effect ${key} is ${claim.state} and cannot be settled.`);
        return { state: claim.state };
      case "missing":
        throw new Error(`There is no effect ${key}.`);
    }
  },

  /**
   * Ends a claim. `planned`: known not to be done, again after `retryMs`. `sent`: nobody knows, the next claim after `retryMs` is told to probe.
   * False: the claim was lost to another, and nothing was written (R-Q3).
   */
  async settleEffect(
    key: string,
    epoch: number,
    state: "confirmed" | "dead" | "planned" | "sent",
    settlement: Settlement = {},
  ): Promise<boolean> {
    const { response, error, retryMs = 0, surface, run, jobs } = settlement;
    const { settled } = await row<{ settled: boolean }>(pool, {
      name: "settle_effect",
      text: "select rig.settle_effect($1, $2, $3, $4, $5, $6 * interval '1 millisecond', $7, $8, $9) as settled",
      values: [
        key,
        epoch,
        state,
        response === undefined ? null : jsonText(response),
        error === undefined ? null : plainText(error),
        state === "planned" || state === "sent" ? retryMs : null,
        surface
          ? jsonText({ stream: surface.stream, surface: surface.surface, hash: surface.hash, external_id: surface.externalId })
          : null,
        run ? jsonText({ run_id: run.runId, workflow_run_id: run.workflowRunId, workflow_run_url: run.workflowRunUrl }) : null,
        jsonText(jobRows(jobs)),
      ],
    });
    return settled;
  },

  /** Keeps what a later attempt needs to know, while this one is under way. False: the claim was lost to another (R-Q3). */
  async rememberEffect(key: string, epoch: number, response: unknown): Promise<boolean> {
    const kept = await rows(
      pool,
      "update rig.effects set response = $3::jsonb where key = $1 and epoch = $2 and state = 'sent' returning 1",
      [key, epoch, jsonText(response)],
    );
    return kept.length === 1;
  },

  /** Gives a claim back unused, to be taken again later: what nobody tried is no attempt. */
  async putOffEffect(key: string, epoch: number, unknown: boolean, retryMs: number, error?: string): Promise<boolean> {
    const given = await this.settleEffect(key, epoch, unknown ? "sent" : "planned", { retryMs, error });
    if (given) await rows(pool, "update rig.effects set attempts = greatest(attempts - 1, 0) where key = $1 and epoch = $2", [key, epoch]);
    return given;
  },

  /** How a stream's effects stand, oldest first; of the pictures of a surface only the last. */
  async effectsOf(stream: string): Promise<EffectOutcome[]> {
    const found = await rows<Omit<EffectOutcome, "error" | "settledAt"> & { error: string | null; settledAt: Date | null }>(
      pool,
      `select key, kind, state, payload as data, response, error, settled_at as "settledAt" from rig.effects
       where stream = $1 and (kind <> 'SHOW' or lane is null or id in (select max(id) from rig.effects where stream = $1 and kind = 'SHOW' group by lane)) order by id`,
      [stream],
    );
    return found.map(({ error, settledAt, ...outcome }) => ({
      ...outcome,
      ...(error !== null && { error }),
      ...(settledAt && { settledAt }),
    }));
  },

  /** The message that a notice became, where it became one. */
  async messageOf(key: string): Promise<string | undefined> {
    const [found] = await rows<{ id: string | null }>(pool, "select rig.message_of($1) as id", [key]);
    return found?.id ?? undefined;
  },

  /** What each surface of a stream shows now. */
  surfacesOf: (stream: string): Promise<Shown[]> =>
    rows<Shown>(pool, 'select surface, hash, external_id as "externalId", shown_at as "shownAt" from rig.surfaces where stream = $1', [
      stream,
    ]),

  /** Gives a new job to open effects that have lost theirs; answers how many. */
  async reviveEffects(idleMs = 60_000): Promise<number> {
    return (await row<{ revived: number }>(pool, "select rig.revive_effects($1 * interval '1 millisecond') as revived", [idleMs])).revived;
  },
});

const asEffect = ({ key, stream, kind, lane, payload, cause, attempts, planned_at, response }: EffectRow): Effect =>
  ({
    ...{ key, stream, kind, data: payload, cause: Number(cause), attempts, plannedAt: planned_at },
    ...(lane !== null && { lane }),
    ...(response !== null && { remembered: response }),
  }) as Effect;
