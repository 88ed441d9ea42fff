/** The stand-in world with the real app in it, on a database of its own. */
import { createTestDatabase } from "../../support/postgres.ts";
import { startConductor } from "../conductor.ts";
import { startWorld } from "../world.ts";
import type { Stage } from "./story.ts";

export interface OpenStage extends Stage {
  readonly close: () => Promise<void>;
}

export async function openStage({ logFile, tell = () => {} }: { readonly logFile: string; readonly tell?: Stage["tell"] }): Promise<OpenStage> {
  const [world, database] = await Promise.all([startWorld(), createTestDatabase()]);
  try {
    const rig = await startConductor(world, { databaseUrl: database.url, logFile });
    const close = async () => {
      await rig.close();
      await world.close();
      await database.close();
    };
    return { world, rig, tell, close };
  } catch (error) {
    await world.close();
    await database.close();
    throw error;
  }
}
