/** Every verb, in the order of the help. */
import { deliveriesRedeliver } from "./deliveries-redeliver.ts";
import { events } from "./events.ts";
import { projectionsRebuild } from "./projections-rebuild.ts";
import { queue } from "./queue.ts";
import { status } from "./status.ts";
import type { Verb } from "./verb.ts";
import { verify } from "./verify.ts";
import { why } from "./why.ts";

export const verbs: readonly Verb[] = [status, queue, why, events, deliveriesRedeliver, projectionsRebuild, verify];
