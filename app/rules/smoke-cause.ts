/** Who is at fault when checks of a release fail: the change, or something that no change mends. */
import type { EventData, Probe } from "../domain/events.ts";
import { nameOf } from "../domain/probe-name.ts";

export type SmokeCause = Pick<EventData<"SMOKE_FAILED">, "cause"> & { readonly because: string };

interface CauseRule {
  /** The rule as a sentence about the probe that it finds; undefined where it does not apply. */
  readonly because: (probe: Probe, name: string) => string | undefined;
}

/** How `sendProbe` says that there was no answer at all. What an answer itself says stands never at this place. */
const noAnswer = /^does not answer \(([A-Z][A-Z0-9_]+)\)$/;
const UNRESOLVED: ReadonlySet<string> = new Set(["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "EAI_NONAME", "EAI_NODATA"]);
const certificate = /CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER/;

/** From top to bottom, and each over all failed probes. Whatever none of them finds is the code's. */
const external: readonly CauseRule[] = [
  {
    because: ({ dependency }, name) =>
      dependency === undefined ? undefined : `${name} shows ${dependency}, which the repository names as a dependency`,
  },
  {
    because: ({ detail }, name) =>
      UNRESOLVED.has(codeOf(detail))
        ? `${name} has a host name that does not resolve (${codeOf(detail)}), which no change mends`
        : undefined,
  },
  {
    because: ({ detail }, name) =>
      certificate.test(codeOf(detail))
        ? `${name} has a certificate that is not accepted (${codeOf(detail)}), which no change mends`
        : undefined,
  },
];

const codeOf = (detail: string): string => noAnswer.exec(detail)?.[1] ?? "";

/** Deterministic, and it says by which rule. */
export function smokeCause(failed: readonly Probe[]): SmokeCause {
  for (const rule of external)
    for (const probe of failed) {
      const found = rule.because(probe, nameOf(probe));
      if (found) return { cause: "external_dependency", because: `${found}.` };
    }
  const [first] = failed;
  const what = first ? `${nameOf(first)} ${first.detail}` : "A check fails";
  return { cause: "code", because: `${what}: it names no dependency, and its host and certificate are in order.` };
}
