/** Every verb, in the order of the help. */
import { audit } from "./audit.ts";
import { configExplain } from "./config-explain.ts";
import { configValidate } from "./config-validate.ts";
import { deliveriesRedeliver } from "./deliveries-redeliver.ts";
import { doctor } from "./doctor.ts";
import { dora } from "./dora.ts";
import { events } from "./events.ts";
import { gatesBacktest } from "./gates-backtest.ts";
import { gatesCheck } from "./gates-check.ts";
import { incidents } from "./incidents.ts";
import { lessons } from "./lessons.ts";
import { logs } from "./logs.ts";
import { projectionsRebuild } from "./projections-rebuild.ts";
import { proposals } from "./proposals.ts";
import { queue } from "./queue.ts";
import { status } from "./status.ts";
import type { Verb } from "./verb.ts";
import { verify } from "./verify.ts";
import { why } from "./why.ts";

export const verbs: readonly Verb[] = [
  ...[doctor, status, queue, why, events],
  ...[logs, audit, incidents, lessons, proposals, dora],
  ...[gatesCheck, gatesBacktest],
  ...[configValidate, configExplain],
  ...[deliveriesRedeliver, projectionsRebuild, verify],
];
