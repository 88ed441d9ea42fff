/** Whose production is looked at, and whether there is anything to look at. */
import type { Policy } from "../domain/policy.ts";
import { fingerprintOf } from "../domain/signal.ts";
import type { Repository } from "../store/repositories.ts";

/** Where nothing may be written, no incident could be told of: what is wrong there is heard once it may. */
export const isWatched = ({ readable, pausedBecause }: Repository, { mode }: Policy): boolean =>
  readable && pausedBecause === null && mode === "active";

export const watchesAnything = ({ monitor }: Policy): boolean =>
  monitor.probes.length + monitor.certificates.length + monitor.queries.length > 0;

/** The objects of Flux that a repository's deployments name. */
export const fluxObjects = ({ deploy }: Policy) =>
  (["production", "staging"] as const).flatMap((environment) => {
    const object = deploy[environment]?.flux;
    return object ? [{ object, environment }] : [];
  });

export const fluxFingerprints = (policy: Policy, repositoryId: number): readonly string[] =>
  fluxObjects(policy).map(({ object }) => fingerprintOf(repositoryId, "flux", [object]));
