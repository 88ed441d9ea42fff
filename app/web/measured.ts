/** The measures of a time, out of the store. */
import { type Dora, dora } from "../measures/dora.ts";
import { type Effort, effort } from "../measures/effort.ts";
import { deliveryTypes, effortTypes } from "../measures/told.ts";
import { type Window, windowOf } from "../measures/window.ts";
import type { CostRow } from "../store/costs.ts";
import type { Store } from "../store/store.ts";

export async function doraOf(store: Pick<Store, "deliveryEvents">, window: Window): Promise<Dora> {
  return dora(await store.deliveryEvents(deliveryTypes, window.begin, window.end), window);
}

/** What verified changes took in a time, and what everything cost that `costs` counts in the same time. */
export async function effortOf(
  store: Pick<Store, "effortEvents">,
  { from, to, now }: { readonly from: string | undefined; readonly to: string | undefined; readonly now: Date },
  costs: readonly CostRow[],
): Promise<Effort & { readonly repositories: Readonly<Record<string, Effort>> }> {
  const { begin } = windowOf(from, from, now);
  const { end } = windowOf(to, to, now);
  const period = { begin: from ? begin : undefined, end: to ? end : undefined };
  const of = (row: CostRow | undefined) => row?.usd ?? 0;
  const repositories = Object.fromEntries(costs.flatMap((row) => (row.by === "repository" && row.repo ? [[row.repo, row.usd]] : [])));
  return effort(await store.effortEvents(effortTypes, period.begin), period, {
    usd: of(costs.find(({ by }) => by === "all")),
    repositories,
  });
}
