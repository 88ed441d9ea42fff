/** Everything the app says to its database, as one object of functions. */
import type { Pool } from "pg";
import { appendsOf } from "./append.ts";
import { deliveriesOf } from "./deliveries.ts";
import { effectsOf } from "./effects.ts";
import { issuesOf } from "./issues.ts";
import { jobsOf } from "./jobs.ts";
import { listenOf } from "./listen.ts";
import { rebuildOf } from "./rebuild.ts";
import { repositoriesOf } from "./repositories.ts";
import { runsOf } from "./runs.ts";
import { sealsOf } from "./seals.ts";
import { streamsOf } from "./streams.ts";
import { workersOf } from "./workers.ts";
import { writesOf } from "./writes.ts";

export const createStore = (pool: Pool) => ({
  ...appendsOf(pool),
  ...streamsOf(pool),
  ...deliveriesOf(pool),
  ...jobsOf(pool),
  ...effectsOf(pool),
  ...issuesOf(pool),
  ...runsOf(pool),
  ...repositoriesOf(pool),
  ...workersOf(pool),
  ...writesOf(pool),
  ...sealsOf(pool),
  ...rebuildOf(pool),
  ...listenOf(pool),
});

export type Store = ReturnType<typeof createStore>;
