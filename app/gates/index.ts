/** Every human gate. A new one is a file beside the others and a line here. */
import type { Change, Evidence, Gate } from "./gate.ts";
import { schemaChange } from "./schema-change.ts";

export const gates: readonly Gate[] = [schemaChange];

export const gateNamed = (name: string): Gate | undefined => gates.find((gate) => gate.name === name);

/** Which gates a change raises, and why. A list of files that is not complete raises all of them (F28). */
export const raisedGates = (changes: {
  readonly complete: boolean;
  readonly files: readonly Change[];
}): readonly { readonly gate: Gate; readonly evidence: readonly Evidence[] }[] =>
  gates
    .map((gate) => ({
      gate,
      evidence: changes.complete ? gate.raisedBy(changes.files) : [{ path: "*", because: "GitHub cannot show every changed file" }],
    }))
    .filter(({ evidence }) => evidence.length > 0);
