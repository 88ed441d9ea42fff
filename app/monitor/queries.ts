import type { Policy } from "../domain/policy.ts";
import { fingerprintOf, type NewSignal } from "../domain/signal.ts";
import { type Ground, gapMs, type Look, signalOf } from "./look.ts";
import { askPrometheus, type Prometheus, type Value } from "./prometheus.ts";

type Watched = Policy["monitor"]["queries"][number];

/** So many times in a row a query was not answered, before that is told. */
const UNANSWERED = 3;

/** A query of `monitor.queries`. That it cannot be asked is a signal of its own, and says nothing about production. */
export function queryLook(ground: Ground, prometheus: Prometheus | undefined, watched: Watched): Look {
  const { name, query, severity, service } = watched;
  const identity = [name, query];
  const unasked = ["unasked", ...identity];
  const gap = gapMs(ground.monitor);
  const cannot = (firing: boolean, detail: string): NewSignal =>
    signalOf(ground, "query", unasked, {
      ...{ name: `${name} (not answered)`, service, severity: "info", firing, detail, onlyIfKnown: !firing },
      summary: firing ? `Prometheus does not answer the query ${name}.` : `Prometheus answers the query ${name}.`,
      patience: { failures: UNANSWERED, gapMs: gap },
    });
  return {
    what: `the query ${name}`,
    fingerprints: [identity, unasked].map((one) => fingerprintOf(ground.repository.id, "query", one)),
    look: async (signal) => {
      if (!prometheus) return [cannot(true, "PROMETHEUS_URL is not set: set it for the app.")];
      let values: readonly Value[];
      try {
        values = await askPrometheus(prometheus, query, signal);
      } catch (error) {
        signal.throwIfAborted();
        return [cannot(true, error instanceof Error ? reasonOf(error) : String(error))];
      }
      const { firing, limit, detail } = judged(watched, values);
      return [
        signalOf(ground, "query", identity, {
          ...{ name, service, severity, firing, detail },
          summary: firing ? `${name} is ${limit}.` : `${name} is not ${limit}.`,
          patience: { forMs: watched.for, gapMs: gap },
        }),
        cannot(false, detail),
      ];
    },
  };
}

/** Whether the worst series is beyond its limit. */
function judged({ above, below }: Watched, values: readonly Value[]) {
  const limit = above === undefined ? `below ${below}` : `above ${above}`;
  const known = values.filter(({ value }) => !Number.isNaN(value));
  const [worst] = known.toSorted((a, b) => (above === undefined ? a.value - b.value : b.value - a.value));
  if (!worst) return { firing: false, limit, detail: values.length === 0 ? "There is no data." : "Its value is not a number." };
  const firing = above === undefined ? worst.value < (below ?? Number.NEGATIVE_INFINITY) : worst.value > above;
  const which = known.length > 1 ? `, the worst of ${known.length} series` : "";
  return { firing, limit, detail: `It is ${worst.value}${which}${worst.labels ? ` (${worst.labels})` : ""}.` };
}

const reasonOf = ({ message, cause }: Error): string => (cause instanceof Error && "code" in cause ? `${message}: ${cause.code}` : message);
