import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ActionsStore, RepositoryEvent, Runner } from "../actions.ts";
import { concurrencyGroups } from "./concurrency.ts";
import { checkDispatch } from "./dispatch.ts";
import { startIdTokens } from "./id-tokens.ts";
import { machines } from "./machines.ts";
import type { Origins } from "./plan.ts";
import type { Run, Services } from "./run.ts";
import { downloadRig } from "./sources.ts";
import { alsoFor, plansFor } from "./triggers.ts";
import { endLost, newRun, performRun, refuseRun, type Start } from "./workflow-run.ts";

export interface RunnerOptions {
  /** The checkout whose actions and reusable workflows stand for those of `rigRepository`. */
  readonly rigRoot: string;
  /** `engineering-rig/engineering-rig`. */
  readonly rigRepository: string;
  /** `PATH` of every step. */
  readonly path: string;
  readonly labels?: readonly string[];
}

export interface StandInRunner extends Runner {
  /** Resolves when nothing runs and nothing can start. */
  readonly idle: () => Promise<void>;
  /** Ends everything at once; nothing more is reported. */
  readonly stop: () => Promise<void>;
  /** What the run's jobs printed so far, secrets masked. */
  readonly logs: (runId: number) => string;
  /** No machine takes a job: what is queued stays queued, what runs goes on. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Jobs that ask for this label stay queued: their runner never comes. */
  readonly pauseLabel: (label: string) => void;
  readonly resumeLabel: (label: string) => void;
  /** The machine dies: the run's processes end, and nothing more is reported. */
  readonly killRun: (runId: number) => void;
  /** The machine hangs: the run's processes stand still until somebody cancels the run. */
  readonly freezeRun: (runId: number) => void;
}

const MACHINES = 4;
const LABELS = ["self-hosted", "rig", "linux", "x64", "arm64", "macos", "ubuntu-latest", "ubuntu-24.04"];

/** Starts the stand-in of GitHub Actions: it runs the repositories' own workflow files on this machine. */
export async function startRunner(store: ActionsStore, options: RunnerOptions): Promise<StandInRunner> {
  const runs = new Map<number, Run>();
  const refused = new Map<number, string>();
  const planning = new Set<Promise<unknown>>();
  const performing = new Set<Promise<unknown>>();
  let onChange: (() => void)[] = [];
  let stopped = false;
  const changed = () => {
    const listeners = onChange;
    onChange = [];
    for (const look of listeners) look();
  };
  const services = await setUp(store, options, changed);
  const origins: Origins = { store, rigRoot: options.rigRoot, rigRepository: options.rigRepository };

  async function follow<T>(set: Set<Promise<unknown>>, work: Promise<T>): Promise<T> {
    set.add(work);
    try {
      return await work;
    } finally {
      set.delete(work);
      changed();
    }
  }

  function start(what: Start): number {
    const run = newRun(services, what);
    runs.set(run.record.id, run);
    void follow(performing, performRun(services, run));
    return run.record.id;
  }

  async function startAll(happened: RepositoryEvent): Promise<void> {
    for (const event of [happened, ...(await alsoFor(origins, happened))]) await startEach(event);
  }

  async function startEach(event: RepositoryEvent): Promise<void> {
    for (const { path, plan, error } of await plansFor(origins, event)) {
      if (stopped) return;
      if (plan) start({ repositoryId: event.repositoryId, cause: event, plan, inputs: {} });
      else {
        const run = refuseRun(services, event, path);
        refused.set(run.id, error);
      }
    }
  }

  const quiet = () => planning.size === 0 && [...runs.values()].every((run) => isStill(run, services));

  return {
    happened(event) {
      if (!stopped) void follow(planning, startAll(event));
    },
    async dispatch(request) {
      if (stopped) throw new Error("The runner was stopped.");
      const answer = await follow(planning, checkDispatch(origins, request));
      return "status" in answer ? answer : { runId: start(answer) };
    },
    cancel(runId) {
      const run = runs.get(runId);
      if (run?.dead.signal.aborted) endLost(services, run);
      else run?.cancelled.abort();
    },
    async idle() {
      while (!quiet()) await new Promise<void>((resolve) => onChange.push(resolve));
    },
    async stop() {
      stopped = true;
      for (const run of runs.values()) run.dead.abort();
      await Promise.allSettled([...planning, ...performing]);
      await services.idTokens.close();
      await rm(services.root, { recursive: true, force: true, maxRetries: 3 });
    },
    logs: (runId) => refused.get(runId) ?? logOf(runs.get(runId)),
    pause: () => services.machines.pause(),
    resume: () => services.machines.resume(),
    pauseLabel: services.machines.pause,
    resumeLabel: services.machines.resume,
    killRun: (runId) => runs.get(runId)?.dead.abort(),
    freezeRun: (runId) => runs.get(runId)?.frozen.abort(),
  };
}

async function setUp(store: ActionsStore, options: RunnerOptions, changed: () => void): Promise<Services> {
  const root = await mkdtemp(join(tmpdir(), "rig-runner-"));
  await chmod(root, 0o755);
  let copy: Promise<string> | undefined;
  const rigCopy = () => {
    copy ??= downloadRig(options.rigRoot, join(root, "rig"));
    return copy;
  };
  const idTokens = await startIdTokens(store);
  const { rigRepository, path, labels = LABELS } = options;
  return {
    store,
    idTokens,
    machines: machines(MACHINES, labels),
    groups: concurrencyGroups(),
    rigRepository,
    rigCopy,
    path,
    root,
    changed,
  };
}

/** Whether a run ended, or can go no further by itself. */
function isStill(run: Run, { machines }: Services): boolean {
  if (run.conclusion || run.dead.signal.aborted) return true;
  const open = run.jobs.filter(({ stage }) => stage !== "done");
  const stuck = open.every(({ stage, labels }) => stage === "waiting" || (stage === "queued" && !machines.serves(labels)));
  return (run.waits > 0 || open.length > 0) && stuck;
}

function logOf(run: Run | undefined): string {
  const jobs = (run?.jobs ?? []).map(({ name, log }) => `${name}\n${log.text()}`);
  return [...jobs, ...(run?.problem === undefined ? [] : [run.problem])].join("\n\n");
}
