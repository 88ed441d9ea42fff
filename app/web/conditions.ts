import type { Condition } from "../store/conditions.ts";
import type { Store } from "../store/store.ts";

/** A condition whose beginning nobody noted has no `since`. */
export type ConditionNow = Omit<Condition, "since"> & { readonly since?: Date };

/** Everything that wants somebody's attention, with what only the configuration knows. */
export async function conditionsNow(store: Pick<Store, "conditions">, paused: boolean): Promise<readonly ConditionNow[]> {
  const found = await store.conditions();
  return paused ? [resting, ...found] : found;
}

const resting: ConditionNow = {
  name: "rig-paused",
  detail: "RIG_PAUSED is 1: the Rig hears and shows, and dispatches and writes nothing.",
  wayOut: "Set RIG_PAUSED=0 and start the app again. What was planned meanwhile is then carried out.",
  subject: null,
};
