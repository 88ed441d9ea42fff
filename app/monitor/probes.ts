import type { MonitorProbe } from "../domain/production-policy.ts";
import { fingerprintOf } from "../domain/signal.ts";
import { sendProbe } from "../observe/probe.ts";
import { safeUrl } from "./heard-text.ts";
import { type Ground, gapMs, type Look, signalOf } from "./look.ts";

/** A probe of `monitor.probes`. The summary stays the same while it fails; what was seen last stands in the detail. */
export function probeLook(ground: Ground, spec: MonitorProbe): Look {
  const { name = spec.url, url, severity, service, failures, dependency } = spec;
  const identity = [spec.name ?? "", url];
  return {
    what: `the probe ${name}`,
    fingerprints: [fingerprintOf(ground.repository.id, "probe", identity)],
    look: async () => {
      const { ok, detail } = await sendProbe(spec, undefined, ground.heard);
      const who = dependency === undefined ? name : `${name}, which shows ${dependency},`;
      return [
        signalOf(ground, "probe", identity, {
          ...{ name, severity, service, firing: !ok },
          summary: ok ? `${name} answers as it should.` : `${who} does not answer as it should.`,
          detail: `${url} ${detail}`,
          url: safeUrl(url, ground.heard),
          patience: { failures, gapMs: gapMs(ground.monitor) },
        }),
      ];
    },
  };
}
