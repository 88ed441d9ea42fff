/** Every slash command, in the order people read them. A new one is a file beside the others and a line here; help and documentation follow. */
import { ack } from "./ack.ts";
import { answer } from "./answer.ts";
import { approve } from "./approve.ts";
import { budget } from "./budget.ts";
import { change } from "./change.ts";
import { explain } from "./explain.ts";
import { forget } from "./forget.ts";
import { help } from "./help.ts";
import { hold } from "./hold.ts";
import { priority } from "./priority.ts";
import { recheck } from "./recheck.ts";
import { reject } from "./reject.ts";
import { reset } from "./reset.ts";
import { resolve } from "./resolve.ts";
import { resume } from "./resume.ts";
import { retry } from "./retry.ts";
import { review } from "./review.ts";
import { rollback } from "./rollback.ts";
import { start } from "./start.ts";
import { status } from "./status.ts";
import { stop } from "./stop.ts";
import type { Verb } from "./verb.ts";
import { why } from "./why.ts";

export const verbs: readonly Verb[] = [
  help(() => verbs),
  status,
  why,
  explain,
  start,
  stop,
  hold,
  resume,
  retry,
  reset,
  budget,
  priority,
  answer,
  forget,
  review,
  change,
  recheck,
  approve,
  reject,
  ack,
  resolve,
  rollback,
];

export const verbNamed = (name: string): Verb | undefined => verbs.find((verb) => verb.name === name);
