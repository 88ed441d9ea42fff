/** Everything the app says to its database, as one object of functions. */
import type { Pool } from "pg";
import { agentsOf } from "./agents.ts";
import { appendsOf } from "./append.ts";
import { boardOf } from "./board.ts";
import { checkpointsOf } from "./checkpoints.ts";
import { commentsOf } from "./comments.ts";
import { conditionsOf } from "./conditions.ts";
import { costsOf } from "./costs.ts";
import { deliveriesOf } from "./deliveries.ts";
import { effectsOf } from "./effects.ts";
import { issuesOf } from "./issues.ts";
import { jobsOf } from "./jobs.ts";
import { listenOf } from "./listen.ts";
import { pagesOf } from "./pages.ts";
import { pullRequestsOf } from "./pull-requests.ts";
import { rebuildOf } from "./rebuild.ts";
import { repositoriesOf } from "./repositories.ts";
import { runsOf } from "./runs.ts";
import { sealsOf } from "./seals.ts";
import { streamsOf } from "./streams.ts";
import { transcriptsOf } from "./transcripts.ts";
import { workersOf } from "./workers.ts";
import { writesOf } from "./writes.ts";

export const createStore = (pool: Pool) => ({
  ...appendsOf(pool),
  ...streamsOf(pool),
  ...deliveriesOf(pool),
  ...commentsOf(pool),
  ...jobsOf(pool),
  ...effectsOf(pool),
  ...issuesOf(pool),
  ...boardOf(pool),
  ...runsOf(pool),
  ...checkpointsOf(pool),
  ...transcriptsOf(pool),
  ...agentsOf(pool),
  ...costsOf(pool),
  ...pagesOf(pool),
  ...pullRequestsOf(pool),
  ...conditionsOf(pool),
  ...repositoriesOf(pool),
  ...workersOf(pool),
  ...writesOf(pool),
  ...sealsOf(pool),
  ...rebuildOf(pool),
  ...listenOf(pool),
});

export type Store = ReturnType<typeof createStore>;
