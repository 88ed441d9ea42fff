import type { Place } from "./files.ts";
import type { Program } from "./programs.ts";

/** One thing a script may not do. */
export interface Rule {
  readonly name: string;
  /** Why it was not run, and what to do instead: for the model. */
  readonly why: string;
  readonly hits: (program: Program, place: Place) => boolean;
}
