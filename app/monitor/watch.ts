/** The job `monitor`: looks at everything that a repository's production is watched by, in the rhythm the repository asks for. */
import type { Conductor } from "../conductor.ts";
import type { Policy } from "../domain/policy.ts";
import type { NewSignal, Signal } from "../domain/signal.ts";
import { lastGood } from "../policies.ts";
import type { JobRequest } from "../store/jobs.ts";
import type { Repository } from "../store/repositories.ts";
import { certificateLook } from "./certificates.ts";
import { heardWith } from "./heard-text.ts";
import type { Ground, Look } from "./look.ts";
import { probeLook } from "./probes.ts";
import { queryLook } from "./queries.ts";
import { fluxFingerprints, isWatched, watchesAnything } from "./watched.ts";

const AT_ONCE = 8;
/** A probe takes half a minute at most. */
const ALL_WITHIN_MS = 60_000;
/** Whoever was killed while looking holds the next look up for so long. */
const HELD_MS = ALL_WITHIN_MS + 30_000;
const LEAST_EVERY_MS = 1_000;

/** What looking at production needs of the Conductor. */
export type Watcher = Pick<Conductor, "store" | "config" | "redact" | "log" | "now">;

/** Has every repository looked at of which no look is planned. */
export async function watchAll({ store }: Pick<Watcher, "store">): Promise<void> {
  const firing = new Set((await store.firingSignals()).map(({ repositoryId }) => repositoryId));
  const watched = (await store.repositories()).filter((repository) => {
    const policy = lastGood(repository);
    return isWatched(repository, policy) && (watchesAnything(policy) || firing.has(repository.id));
  });
  await store.addJobs(watched.map(({ id }) => ({ ...monitorJob(id), keepRunAt: true })));
}

const monitorJob = (repositoryId: number, delayMs?: number): JobRequest => ({
  task: "monitor",
  payload: { repositoryId },
  key: `monitor:${repositoryId}`,
  delayMs,
});

/** One look at everything, and the next one planned. */
export async function watch(conductor: Watcher, repositoryId: number, cause: string, stopping: AbortSignal): Promise<void> {
  const { store, now } = conductor;
  const repository = await store.repository(repositoryId);
  if (!repository) return;
  const policy = lastGood(repository);
  if (!isWatched(repository, policy) || !(await store.beginWatch(repositoryId, HELD_MS))) return;
  const begun = now().getTime();
  try {
    const looks = looksOf(conductor, repository, policy);
    const seen = await lookAtAll(conductor, looks, stopping);
    await store.saveSignals([...seen, ...over(await store.signalsOf(repositoryId), looks, policy, repositoryId)], cause);
  } finally {
    await store.endWatch(repositoryId);
  }
  const every = Math.max(policy.monitor.every, LEAST_EVERY_MS);
  if (watchesAnything(policy)) await store.addJobs([monitorJob(repositoryId, Math.max(begun + every - now().getTime(), 0))]);
}

function looksOf({ config, redact, log, now }: Watcher, repository: Repository, { monitor }: Policy): readonly Look[] {
  const fullName = `${repository.owner}/${repository.name}`;
  const ground: Ground = {
    repository,
    monitor,
    heard: heardWith(redact),
    now,
    info: (told, message) => log.info({ repository: fullName, ...told }, message),
  };
  return [
    ...monitor.probes.map((spec) => probeLook(ground, spec)),
    ...monitor.certificates.map((watched) => certificateLook(ground, watched)),
    ...monitor.queries.map((watched) => queryLook(ground, config.prometheus, watched)),
  ];
}

/** What each look showed. One that throws, hangs or is interrupted shows nothing: it is neither well nor ill, and keeps no other from ending. */
async function lookAtAll({ log }: Watcher, looks: readonly Look[], stopping: AbortSignal): Promise<readonly NewSignal[]> {
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(ALL_WITHIN_MS)]);
  const seen: NewSignal[] = [];
  const left = [...looks];
  const worker = async () => {
    for (let next = left.shift(); next && !signal.aborted; next = left.shift()) {
      const { what, look } = next;
      await unlessAborted(signal, look(signal)).then(
        (signals) => void seen.push(...signals),
        (err: unknown) => log.warn({ err }, `${what} could not be looked at`),
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return seen;
}

async function unlessAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener("abort", abort));
}

/** What still fires though the repository has it watched no more. */
function over(signals: readonly Signal[], looks: readonly Look[], policy: Policy, repositoryId: number): readonly NewSignal[] {
  const looked = new Set([...looks.flatMap(({ fingerprints }) => fingerprints), ...fluxFingerprints(policy, repositoryId)]);
  const hearsAlerts = Object.keys(policy.monitor.alerts.match).length > 0;
  const asked = ({ source, fingerprint }: Signal): boolean =>
    source === "alertmanager" || source === "grafana" ? hearsAlerts : looked.has(fingerprint);
  return signals
    .filter((signal) => signal.firing && !asked(signal))
    .map(({ since: _, changes: __, ...signal }) => ({ ...signal, firing: false, onlyIfKnown: true }));
}
