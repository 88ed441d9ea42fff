/** The stand-in world with the real app in it, on a database of its own. */
import { createTestDatabase } from "../../support/postgres.ts";
import { startConductor } from "../conductor.ts";
import type { Branch } from "../shop.ts";
import { startWorld } from "../world.ts";
import type { Stage, Story } from "./story.ts";

export interface OpenStage extends Stage {
  readonly close: () => Promise<void>;
}

export interface StageOptions {
  readonly logFile: string;
  readonly tell?: Stage["tell"];
}

/** Sets up what these stories need. What was opened before something failed is closed again, in the opposite order. */
export async function openStage(stories: readonly Story[], { logFile, tell = () => {} }: StageOptions): Promise<OpenStage> {
  const opened = new AsyncDisposableStack();
  const branches = [...new Set(stories.flatMap(({ at }): readonly Branch[] => (at ? [at] : [])))];
  try {
    const [database, world] = await Promise.allSettled([createTestDatabase(), startWorld({ branches })]);
    if (database.status === "fulfilled") opened.defer(() => database.value.close());
    if (world.status === "fulfilled") opened.defer(() => world.value.close());
    if (database.status === "rejected") throw database.reason;
    if (world.status === "rejected") throw world.reason;
    const rig = await startConductor(world.value, { databaseUrl: database.value.url, logFile });
    opened.defer(() => rig.close());
    return { world: world.value, rig, shop: world.value.shop, tell, close: () => opened.disposeAsync() };
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}
