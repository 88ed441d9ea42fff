/** Every human gate. A new one is a file beside the others and a line here. */
import { createHash } from "node:crypto";
import { auth } from "./auth.ts";
import { withSettings } from "./custom.ts";
import { deletion } from "./deletion.ts";
import { dependencies } from "./dependencies.ts";
import type { Changes, Evidence, Gate, GateSettings, Given } from "./gate.ts";
import { payments } from "./payments.ts";
import { rules } from "./rules.ts";
import { schema } from "./schema.ts";

export const builtIn: readonly Gate[] = [auth, payments, schema, deletion, dependencies, rules];

/** A gate as a repository has it. */
export interface ActiveGate extends Gate {
  /** Who may open it in place of the code owners. */
  readonly approvers?: readonly string[];
}

/** What a change raises, and a hash of it that changes when any of it does. */
export interface Raised {
  readonly gate: ActiveGate;
  readonly evidence: readonly Evidence[];
  readonly hash: string;
}

/** The gates in force in a repository: the six as its settings change them, and its own. */
export function gatesUnder(settings: Readonly<Record<string, GateSettings>>): readonly ActiveGate[] {
  const own = Object.keys(settings).filter((name) => !builtIn.some((gate) => gate.name === name));
  return (
    [...builtIn.map(({ name }) => name), ...own]
      // A file that says otherwise is refused; a policy that was stored earlier may still say it.
      .filter((name) => name === rules.name || (settings[name]?.enabled ?? true))
      .map((name) =>
        withSettings(
          name,
          builtIn.find((gate) => gate.name === name),
          settings[name],
        ),
      )
  );
}

/** Which gates a change raises, and why. A list of files that is not complete raises all of them (F28). */
export const raisedGates = (changes: Changes, gates: readonly ActiveGate[], given: Given): readonly Raised[] =>
  gates
    .map((gate) => ({
      gate,
      evidence: changes.complete
        ? gate.raisedBy(changes.files, given)
        : [{ path: "*", because: changes.because ?? "not every changed file could be read" }],
    }))
    .filter(({ evidence }) => evidence.length > 0)
    .map((raised) => ({ ...raised, hash: hashOf(raised.evidence) }));

/** The same whatever the order in which the files came. */
const hashOf = (evidence: readonly Evidence[]): string => {
  const lines = evidence.map(({ path, line, removed, because }) => JSON.stringify([path, line ?? null, removed ?? false, because]));
  return createHash("sha256").update(lines.toSorted().join("\n")).digest("hex");
};
