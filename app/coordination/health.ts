import type { Conductor } from "../conductor.ts";
import type { StoreHealth } from "../store/deliveries.ts";

/** How the store stands. Effects that have lost their job get another. */
export async function lookAfterStore({ store, log }: Conductor): Promise<StoreHealth & { readonly effectsRevived: number }> {
  const effectsRevived = await store.reviveEffects();
  const health = { ...(await store.storeHealth()), effectsRevived };
  if (health.deliveriesDead > 0) log.warn(health, "Deliveries were put aside: rig deliveries redeliver hands them on again");
  return health;
}
