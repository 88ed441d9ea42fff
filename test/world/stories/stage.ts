/** The stand-in world with the real app in it, on a database of its own. */
import { createTestDatabase } from "../../support/postgres.ts";
import { startConductor } from "../conductor.ts";
import { startWorld } from "../world.ts";
import type { Stage } from "./story.ts";

export interface OpenStage extends Stage {
  readonly close: () => Promise<void>;
}

export interface StageOptions {
  readonly logFile: string;
  readonly tell?: Stage["tell"];
}

/** What was opened before something failed is closed again, in the opposite order. */
export async function openStage({ logFile, tell = () => {} }: StageOptions): Promise<OpenStage> {
  const opened = new AsyncDisposableStack();
  try {
    const [database, world] = await Promise.allSettled([createTestDatabase(), startWorld()]);
    if (database.status === "fulfilled") opened.defer(() => database.value.close());
    if (world.status === "fulfilled") opened.defer(() => world.value.close());
    if (database.status === "rejected") throw database.reason;
    if (world.status === "rejected") throw world.reason;
    const rig = await startConductor(world.value, { databaseUrl: database.value.url, logFile });
    opened.defer(() => rig.close());
    return { world: world.value, rig, tell, close: () => opened.disposeAsync() };
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}
