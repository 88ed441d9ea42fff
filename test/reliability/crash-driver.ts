/** Does the Rig's jobs one at a time, in this process, and begins the Rig anew wherever it died. */
import type pg from "pg";
import type { Conductor } from "../../app/conductor.ts";
import { tasks } from "../../app/tasks.ts";
import { Crash, fragile, type Life, type Moment } from "./crash.ts";

interface JobRow {
  readonly id: string;
  readonly task: string;
  readonly payload: { readonly key?: string };
}

const JOBS = "graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id";

export interface Driver {
  /** The Rig that lives now. Whoever holds on to it, such as an agent with its address, reaches the next one too. */
  readonly conductor: Conductor;
  /** Whatever somebody does with the Rig, they do it again when it has died over it. */
  readonly patiently: <T>(act: () => Promise<T>) => Promise<T>;
  /** Does the next job that is due; false where there is none. `doing` hears which command is carried out. */
  readonly step: (now: Date, doing?: (key: string | undefined) => void) => Promise<boolean>;
  readonly nextWake: () => Promise<Date | undefined>;
  readonly told: () => {
    readonly moments: number;
    readonly names: readonly string[];
    readonly distinct: readonly number[];
    readonly died: boolean;
  };
}

export function createDriver(owner: pg.Client, begin: (life: Life) => Conductor, moment: Moment | undefined): Driver {
  const life = fragile(moment);
  let living = begin(life.begin());
  let died = false;

  async function restart(): Promise<void> {
    died = true;
    living = begin(life.begin());
    // What a dead process held is free, and nobody knows what became of it.
    await owner.query("update rig.effects set lease_until = clock_timestamp() - interval '1 second' where state = 'sent'");
    await owner.query("update graphile_worker._private_jobs set locked_at = null, locked_by = null");
  }

  async function patiently<T>(act: () => Promise<T>): Promise<T> {
    life.begun();
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      await restart();
      return act();
    }
  }

  return {
    conductor: new Proxy({} as Conductor, { get: (_, key) => Reflect.get(living, key) }),
    patiently,
    async step(now, doing = () => {}) {
      const job = await nextJob(owner, now);
      if (!job) return false;
      const { id, task, payload } = job;
      doing(task === "effect" ? payload.key : undefined);
      await patiently(async () => {
        // What asks for the same again while it runs is another job.
        await owner.query("update graphile_worker._private_jobs set locked_at = now(), locked_by = 'driver' where id = $1", [id]);
        await tasks(living)[task]?.(payload, { job: { id } } as never);
      });
      doing(undefined);
      await owner.query("delete from graphile_worker._private_jobs where id = $1", [id]);
      return true;
    },
    nextWake: async () =>
      (await owner.query<{ at: Date | null }>(`select min(j.run_at) as at from ${JOBS} where j.key like 'wake:%'`)).rows[0]?.at ??
      undefined,
    told: () => ({ moments: life.moments(), names: life.names, distinct: life.distinct, died }),
  };
}

/** The oldest job that is not a timer of an issue's; delays by the database's clock are over at once. */
async function nextJob(owner: pg.Client, now: Date): Promise<JobRow | undefined> {
  const { rows } = await owner.query<JobRow>(
    `select j.id::text as id, t.identifier as task, j.payload from ${JOBS}
     where t.identifier <> 'board' and (j.key is null or j.key not like 'wake:%' or j.run_at <= $1)
     order by j.key like 'wake:%' is true, j.run_at, j.id limit 1`,
    [now],
  );
  const [job] = rows;
  if (job?.task === "effect")
    await owner.query(
      `update rig.effects set due_at = clock_timestamp() - interval '1 second',
         lease_until = case when state = 'sent' then clock_timestamp() - interval '1 second' end
       where key = $1 and state in ('planned', 'sent')`,
      [job.payload.key],
    );
  return job;
}
