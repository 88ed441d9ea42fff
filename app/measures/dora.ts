/** DORA's five measures of software delivery, each with what it is made of. */
import { type Deployment, deploymentsOf, type Maker } from "./deployments.ts";
import { hundredths, minutesBetween, type Rate, rateOf, type Spread, spreadOf } from "./statistics.ts";
import type { Told } from "./told.ts";
import { type Window, within } from "./window.ts";

export interface Five {
  readonly deploymentFrequency: { readonly perDay: number | null; readonly deployments: number; readonly days: number };
  /** Minutes from a change's first commit, or else from its pull request, to its first production deployment. */
  readonly leadTime: Spread;
  /** Deployments that needed a fix or a rollback, or that an incident is blamed on, among all. */
  readonly changeFailRate: Rate;
  /** Minutes from a deployment's first failure to the end of its last; `open` have not recovered. */
  readonly recoveryTime: Spread & { readonly open: number };
  /** Deployments that brought a fix of what had failed in production, among all. */
  readonly reworkRate: Rate;
}

export interface Split extends Five {
  readonly agent: Five;
  readonly human: Five;
}

export interface Dora extends Split {
  readonly repositories: readonly (Split & { readonly repo: string })[];
}

/** The deployments of a window, counted over all repositories, for each, and by whose changes they brought. */
export function dora(told: readonly Told[], window: Window): Dora {
  const all = deploymentsOf(told).filter(({ at }) => within(at, window));
  const repositories = [...Map.groupBy(all, ({ repo }) => repo)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { ...split(all, window), repositories: repositories.map(([repo, own]) => ({ repo, ...split(own, window) })) };
}

const split = (deployments: readonly Deployment[], window: Window): Split => ({
  ...five(deployments, window),
  agent: five(deployments, window, "agent"),
  human: five(deployments, window, "human"),
});

/** A deployment that brought changes of both counts for both, and its failure only for whose change is at fault. */
function five(deployments: readonly Deployment[], { days }: Window, maker?: Maker): Five {
  const own = deployments.filter(({ makers }) => !maker || makers.has(maker));
  const mine = ({ by }: { readonly by: Maker }) => !maker || by === maker;
  const lead = own.flatMap(({ at, changes }) => changes.filter(mine).flatMap(({ begun }) => (begun ? minutesBetween(begun, at) : [])));
  const failed = own.map(({ failures }) => failures.filter(mine)).filter(({ length }) => length > 0);
  const recovered = failed.flatMap((failures) => outage(failures) ?? []);
  const fixes = own.filter((one) => (maker ? one.fixes.has(maker) : one.fixes.size > 0));
  return {
    deploymentFrequency: {
      perDay: own.length === 0 || days === 0 ? null : hundredths(own.length / days),
      deployments: own.length,
      days,
    },
    leadTime: spreadOf(lead),
    changeFailRate: rateOf(failed.length, own.length),
    recoveryTime: { ...spreadOf(recovered), open: failed.length - recovered.length },
    reworkRate: rateOf(fixes.length, own.length),
  };
}

/** Minutes from the first failure until nothing of the deployment is broken any more; undefined while something is. */
function outage(failures: readonly { readonly at: Date; readonly recovered?: Date }[]): number | undefined {
  const ends = failures.flatMap(({ recovered }) => recovered?.getTime() ?? []);
  if (ends.length < failures.length) return undefined;
  return minutesBetween(new Date(Math.min(...failures.map(({ at }) => at.getTime()))), new Date(Math.max(...ends)));
}
