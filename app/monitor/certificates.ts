/** How long the certificate of a host is good for. */
import { isIP } from "node:net";
import { connect } from "node:tls";
import type { Policy } from "../domain/policy.ts";
import { fingerprintOf, type NewSignal } from "../domain/signal.ts";
import { type Ground, gapMs, type Look, signalOf } from "./look.ts";

type Watched = Policy["monitor"]["certificates"][number];

const HANDSHAKE_MS = 10_000;
const DAY_MS = 24 * 3_600_000;

/** A certificate of `monitor.certificates`. A host that cannot be reached is a probe's matter. */
export function certificateLook(ground: Ground, watched: Watched): Look {
  const { host, port, days, severity, service } = watched;
  const at = `${host}:${port}`;
  const identity = [host, String(port)];
  const told = (firing: boolean, how: Pick<NewSignal, "severity" | "summary" | "detail">) =>
    signalOf(ground, "certificate", identity, { name: host, service, firing, ...how, patience: { gapMs: gapMs(ground.monitor) } });
  return {
    what: `the certificate of ${at}`,
    fingerprints: [fingerprintOf(ground.repository.id, "certificate", identity)],
    look: async (signal) => {
      const seen = await certificateOf(host, port, signal);
      if ("unreachable" in seen) {
        ground.info({ host: at, reason: seen.unreachable }, "A certificate could not be looked at");
        return [];
      }
      const left = (seen.until.getTime() - ground.now().getTime()) / DAY_MS;
      const on = seen.until.toISOString().slice(0, 10);
      const detail = `${at} shows a certificate that is good until ${seen.until.toISOString()}: ${left.toFixed(1)} days. ${days} are wanted.`;
      if (left <= 0) return [told(true, { severity: "critical", summary: `The certificate of ${at} expired on ${on}.`, detail })];
      const summary = `The certificate of ${at} expires on ${on}.`;
      return [told(left < days, { severity, summary, detail })];
    },
  };
}

/** The last moment at which the certificate that a host shows is good. Whoever signed it is not asked. */
export function certificateOf(
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<{ readonly until: Date } | { readonly unreachable: string }> {
  return new Promise((resolve) => {
    const socket = connect({
      ...{ host, port, rejectUnauthorized: false, signal, timeout: HANDSHAKE_MS },
      // An address has no name to ask for (RFC 6066).
      ...(isIP(host) ? {} : { servername: host }),
    });
    const end = (seen: { readonly until: Date } | { readonly unreachable: string }) => {
      clearTimeout(deadline);
      socket.destroy();
      resolve(seen);
    };
    // The time-out of a socket is for silence: whoever sends a byte now and then would never be done.
    const deadline = setTimeout(() => end({ unreachable: `no handshake within ${HANDSHAKE_MS} ms` }), HANDSHAKE_MS);
    socket.once("secureConnect", () => {
      const until = new Date(socket.getPeerCertificate().valid_to);
      end(Number.isNaN(until.getTime()) ? { unreachable: "it shows no certificate" } : { until });
    });
    socket.once("timeout", () => end({ unreachable: `no handshake within ${HANDSHAKE_MS} ms` }));
    socket.on("error", (error) => end({ unreachable: error.message }));
  });
}
