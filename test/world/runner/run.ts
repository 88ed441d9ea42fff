import type { ActionsStore, Conclusion, Step, WorkflowRun } from "../actions.ts";
import type { concurrencyGroups } from "./concurrency.ts";
import type { startIdTokens } from "./id-tokens.ts";
import type { JobLog } from "./job-log.ts";
import type { machines } from "./machines.ts";
import type { Plan } from "./plan.ts";

/** What set a run off. */
export interface Cause {
  readonly name: string;
  readonly ref: string;
  readonly sha: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly actor: string;
}

/** A job that GitHub shows. */
export interface ShownJob {
  readonly id: number;
  readonly name: string;
  readonly labels: readonly string[];
  readonly log: JobLog;
  readonly cancelled: AbortController;
  readonly steps: Step[];
  /** `waiting` for its concurrency group or the reviewers of its environment, `queued` for a machine, `lost` with a machine that died. */
  stage: "waiting" | "queued" | "running" | "done" | "lost";
}

/** A workflow run on its way. */
export interface Run {
  readonly record: WorkflowRun;
  readonly repository: ReturnType<ActionsStore["repository"]>;
  readonly cause: Cause;
  readonly plan: Plan;
  readonly inputs: Readonly<Record<string, string | number | boolean>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** From a fork: no secrets, no OIDC, a token that only reads. */
  readonly untrusted: boolean;
  readonly cancelled: AbortController;
  /** Its machine died, or the runner stopped: it goes nowhere, and nothing is reported. */
  readonly dead: AbortController;
  /** Its machine stands still: what runs there goes no further, and nobody is told. */
  readonly frozen: AbortController;
  readonly jobs: ShownJob[];
  /** How many concurrency groups it waits for. */
  waits: number;
  /** Whether a job of it has started: until then GitHub calls it queued. */
  started: boolean;
  conclusion?: Conclusion;
  /** Why it failed where no job could say so. */
  problem?: string;
}

/** One workflow being run: the run's own, or one that a job calls. */
export interface Running {
  readonly run: Run;
  readonly plan: Plan;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** `caller / `, before the names of its jobs. */
  readonly prefix: string;
  readonly jobWorkflowRef: string;
  readonly cancelled: AbortSignal;
}

/** What the whole runner shares. */
export interface Services {
  readonly store: ActionsStore;
  readonly idTokens: Awaited<ReturnType<typeof startIdTokens>>;
  readonly machines: ReturnType<typeof machines>;
  readonly groups: ReturnType<typeof concurrencyGroups>;
  readonly rigRepository: string;
  /** The Rig's files as a runner downloads them. */
  readonly rigCopy: () => Promise<string>;
  /** `PATH` of every step. */
  readonly path: string;
  /** Where machines keep their work. */
  readonly root: string;
  /** Somebody's stage changed: whoever waits for quiet looks again. */
  readonly changed: () => void;
}
