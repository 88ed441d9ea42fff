/** Everything the app says to its database, as one object of functions. */
import type { Pool } from "pg";
import { agentsOf } from "./agents.ts";
import { appendsOf } from "./append.ts";
import { boardOf } from "./board.ts";
import { briefOf } from "./brief.ts";
import { checkpointsOf } from "./checkpoints.ts";
import { commentsOf } from "./comments.ts";
import { conditionsOf } from "./conditions.ts";
import { costsOf } from "./costs.ts";
import { deliveriesOf } from "./deliveries.ts";
import { effectsOf } from "./effects.ts";
import { fluxOf } from "./flux.ts";
import { gaugesOf } from "./gauges.ts";
import { incidentsOf } from "./incidents.ts";
import { issuesOf } from "./issues.ts";
import { jobsOf } from "./jobs.ts";
import { listenOf } from "./listen.ts";
import { measuresOf } from "./measures.ts";
import { pagesOf } from "./pages.ts";
import { proposalsOf } from "./proposals.ts";
import { pullRequestsOf } from "./pull-requests.ts";
import { rebuildOf } from "./rebuild.ts";
import { repositoriesOf } from "./repositories.ts";
import { roundsOf } from "./rounds.ts";
import { runsOf } from "./runs.ts";
import { sealsOf } from "./seals.ts";
import { signalsOf } from "./signals.ts";
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
  ...incidentsOf(pool),
  ...boardOf(pool),
  ...runsOf(pool),
  ...roundsOf(pool),
  ...briefOf(pool),
  ...checkpointsOf(pool),
  ...transcriptsOf(pool),
  ...agentsOf(pool),
  ...costsOf(pool),
  ...measuresOf(pool),
  ...gaugesOf(pool),
  ...pagesOf(pool),
  ...proposalsOf(pool),
  ...pullRequestsOf(pool),
  ...conditionsOf(pool),
  ...repositoriesOf(pool),
  ...signalsOf(pool),
  ...fluxOf(pool),
  ...workersOf(pool),
  ...writesOf(pool),
  ...sealsOf(pool),
  ...rebuildOf(pool),
  ...listenOf(pool),
});

export type Store = ReturnType<typeof createStore>;
