/** The queue of jobs, as `rig.add_jobs` and graphile-worker keep it: one job a key. */
import type { JobRequest } from "../../../app/store/jobs.ts";

export interface Job {
  readonly key: string;
  readonly task: string;
  readonly payload: object;
  readonly runAt: Date;
}

export interface Jobs {
  readonly add: (requests: readonly JobRequest[]) => void;
  /** Those that may run at this moment, in the order of their keys. */
  readonly due: (now: Date) => readonly Job[];
  readonly take: (key: string) => Job | undefined;
  readonly next: () => Date | undefined;
  readonly all: () => readonly Job[];
  readonly drop: (key: string) => void;
}

export function createJobs(now: () => Date): Jobs {
  const waiting = new Map<string, Job>();
  let unnamed = 0;
  return {
    add(requests) {
      for (const { task, payload, key, runAt, delayMs, keepRunAt } of requests) {
        unnamed += key === undefined ? 1 : 0;
        const name = key ?? `${task}~${unnamed}`;
        const at = runAt ?? new Date(now().getTime() + (delayMs ?? 0));
        waiting.set(name, { key: name, task, payload, runAt: (keepRunAt && waiting.get(name)?.runAt) || at });
      }
    },
    due: (at) => [...waiting.values()].filter(({ runAt }) => runAt <= at).toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    take(key) {
      const job = waiting.get(key);
      waiting.delete(key);
      return job;
    },
    next: () => [...waiting.values()].map(({ runAt }) => runAt).toSorted((a, b) => a.getTime() - b.getTime())[0],
    all: () => [...waiting.values()],
    drop: (key) => void waiting.delete(key),
  };
}
