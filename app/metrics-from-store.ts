/** The state of the Rig for Prometheus, read out of the store when it is scraped. */
import { Counter, Gauge, type Registry } from "prom-client";
import type { GitHub } from "./github.ts";
import type { Log } from "./log.ts";
import { type Dora, dora, type Five } from "./measures/dora.ts";
import { deliveryTypes } from "./measures/told.ts";
import { windowOf } from "./measures/window.ts";
import { type Metric, otherMetrics, storeMetrics } from "./metric-table.ts";
import { lastGood } from "./policies.ts";
import type { GaugeName, GaugeRow } from "./store/gauges.ts";
import type { Store } from "./store/store.ts";

/** Several scrapers cost the database what one does. */
const KEEP_MS = 5_000;
/** What thirty days add up to does not move faster. */
const KEEP_DORA_MS = 300_000;
/** A label has no more values than this: the rest is `other`. Gates and agents are named by repositories. */
const MOST_VALUES = 20;

export interface MeasuredWorld {
  readonly store: Pick<Store, "gauges" | "deliveryEvents" | "repositories" | "spentToday">;
  readonly github: Pick<GitHub, "calls" | "remaining">;
  readonly now: () => Date;
  readonly log: Pick<Log, "warn">;
}

interface Snapshot {
  readonly rows: readonly GaugeRow[];
  readonly budget: number;
  readonly dora: Dora;
}

/** Registers every metric of the table. Where the database does not answer, only `rig_up_database` tells of it. */
export function measureStore(registry: Registry, { store, github, now, log }: MeasuredWorld): void {
  const kept = keep(KEEP_DORA_MS, now, async () => {
    const window = windowOf(undefined, undefined, now());
    return dora(await store.deliveryEvents(deliveryTypes, window.begin, window.end), window);
  });
  const snapshot = keep(KEEP_MS, now, async (): Promise<Snapshot | undefined> => {
    try {
      // One after the other: a scrape takes one connection from the pool.
      const rows = await store.gauges();
      return { rows, budget: await dearest(store), dora: await kept() };
    } catch (error) {
      log.warn({ err: error }, "The metrics could not be read from the database");
      return undefined;
    }
  });
  const gauge = (
    name: string,
    metric: Metric,
    values: (found: Snapshot | undefined) => readonly (readonly [label: string, value: number | null])[],
  ) => {
    const { help, label } = metric;
    new Gauge<string>({
      ...{ name, help, labelNames: label ? [label] : [], registers: [registry] },
      async collect() {
        const told = values(await snapshot());
        this.reset();
        // Without a label it would be 0 now, which is not what it is where nothing is told.
        if (!label) this.remove();
        for (const [text, value] of told) if (value !== null) this.set(label ? { [label]: text } : {}, value);
      },
    });
  };
  for (const [name, metric] of Object.entries(storeMetrics) as [GaugeName, Metric][])
    gauge(name, metric, (found) => few((found?.rows ?? []).filter((row) => row.name === name)));
  gauge("rig_up_database", otherMetrics.rig_up_database, (found) => [["", found ? 1 : 0]]);
  gauge("rig_budget_spent_ratio", otherMetrics.rig_budget_spent_ratio, (found) => (found ? [["day", found.budget]] : []));
  for (const [name, pick] of Object.entries(ofDora)) {
    gauge(name, otherMetrics[name as keyof typeof ofDora], (found) =>
      found
        ? [
            ["all", pick(found.dora)],
            ["agent", pick(found.dora.agent)],
            ["human", pick(found.dora.human)],
          ]
        : [],
    );
  }
  gauge("rig_github_rate_remaining", otherMetrics.rig_github_rate_remaining, () => [["", github.remaining(now()) ?? null]]);
  new Counter<string>({
    ...{ name: "rig_github_calls_total", help: otherMetrics.rig_github_calls_total.help, labelNames: ["counted"], registers: [registry] },
    collect() {
      this.reset();
      this.inc({ counted: "yes" }, github.calls.counted);
      this.inc({ counted: "no" }, github.calls.made - github.calls.counted);
    },
  });
}

const seconds = (minutes: number | null): number | null => (minutes === null ? null : minutes * 60);

const ofDora = {
  rig_dora_deployments: ({ deploymentFrequency }: Five) => deploymentFrequency.deployments,
  rig_dora_lead_time_seconds: ({ leadTime }: Five) => seconds(leadTime.median),
  rig_dora_change_fail_ratio: ({ changeFailRate }: Five) => changeFailRate.rate,
  rig_dora_recovery_time_seconds: ({ recoveryTime }: Five) => seconds(recoveryTime.median),
  rig_dora_rework_ratio: ({ reworkRate }: Five) => reworkRate.rate,
} as const;

/** The commonest values of a label, and all others together. */
function few(found: readonly GaugeRow[]): readonly (readonly [string, number | null])[] {
  const values = found.map(({ label, value }) => [label ?? "", value] as const);
  if (values.length <= MOST_VALUES) return values;
  const sorted = values.toSorted((a, b) => (b[1] ?? 0) - (a[1] ?? 0));
  const rest = sorted.slice(MOST_VALUES - 1).reduce((sum, [, value]) => sum + (value ?? 0), 0);
  return [...sorted.slice(0, MOST_VALUES - 1), ["other", rest]];
}

/** How much of its day's budget the repository has spent that has spent most of it. */
async function dearest(store: Pick<Store, "repositories" | "spentToday">): Promise<number> {
  const spent = await store.spentToday();
  if (spent.size === 0) return 0;
  const repositories = await store.repositories();
  return Math.max(0, ...repositories.map((one) => (spent.get(one.id)?.usd ?? 0) / lastGood(one).limits.usdPerDay));
}

/** Reads at most once in so long, and never twice at the same time. */
function keep<T>(ms: number, now: () => Date, read: () => Promise<T>): () => Promise<T> {
  let at = Number.NEGATIVE_INFINITY;
  let last: Promise<T> | undefined;
  return () => {
    const time = now().getTime();
    if (last && time - at < ms) return last;
    at = time;
    const reading = read();
    last = reading;
    // What failed is tried again at the next scrape.
    reading.catch(() => {
      if (last === reading) last = undefined;
    });
    return reading;
  };
}
