import type { Change } from "../../app/gates/gate.ts";

/** A change as one finds it in a real project, and whether its gate has to be raised by it. */
export interface Labelled {
  /** In plain words, unique in the corpus. */
  readonly name: string;
  readonly gate: string;
  readonly raises: boolean;
  /** Somebody tries to get past the gate: none of these may be missed. */
  readonly adversarial?: true;
  readonly changes: readonly Change[];
}
