/** A door with the hooks, on a database of its own with one repository; and what Alertmanager, Grafana and Flux send. */
import { createHash, createHmac } from "node:crypto";
import { redactor } from "../../agents/runtime/redact.ts";
import { hookRoutes } from "../../app/door/hooks/routes.ts";
import type { Store } from "../../app/store/store.ts";
import { place, startStand } from "./stand.ts";

export const token = "a-token-of-alertmanager";
export const fluxSecret = "the-token-of-the-provider-of-flux-32";
export const known = "a-secret-that-the-program-knows";

export async function openHooks(change: { readonly store?: (store: Store) => Store; readonly fluxSecret?: string | undefined } = {}) {
  const tokens = [{ name: "alertmanager", sha256: createHash("sha256").update(token).digest("hex") }];
  const lines: string[] = [];
  const stand = await startStand({
    more: (store) => [
      hookRoutes({
        store: change.store?.(store) ?? store,
        tokens,
        fluxSecret: "fluxSecret" in change ? change.fluxSecret : fluxSecret,
        redact: redactor([known]),
        log: { warn: (line: string) => void lines.push(line), error: () => {} } as never,
        now: () => new Date(),
      }),
    ],
  });
  let at = 0;
  return {
    ...stand,
    warned: lines,
    async policy(policy: object, id: number = place.id, name: string = place.name) {
      await stand.store.upsertRepository({ ...place, id, name });
      at += 1;
      await stand.store.savePolicy(id, at.toString(16).padStart(40, "0"), { policy });
    },
    jobs: async (task: string): Promise<readonly { readonly payload: Record<string, unknown>; readonly key: string }[]> =>
      (
        await stand.pool.query(
          `select p.payload, p.key from graphile_worker._private_jobs p join graphile_worker._private_tasks t on t.id = p.task_id
           where t.identifier = $1 order by p.key`,
          [task],
        )
      ).rows,
    clear: () => stand.pool.query("delete from rig.signals; delete from graphile_worker._private_jobs"),
  };
}

export type Hooks = Awaited<ReturnType<typeof openHooks>>;

export async function post(url: string, body: unknown, headers: Readonly<Record<string, string>>) {
  const bytes = typeof body === "string" || body instanceof Buffer ? body : JSON.stringify(body);
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: Buffer.from(bytes),
  });
  const answer = (await response.json()) as Record<string, unknown>;
  return { status: response.status, answer, retryAfter: response.headers.get("retry-after") };
}

export const bearer = { authorization: `Bearer ${token}` };

export const alert = (change: Record<string, unknown> = {}) => ({
  status: "firing",
  labels: { alertname: "HighErrorRate", service: "checkout", severity: "critical", team: "shop" },
  annotations: { summary: "Every second order fails.", description: "5xx above 50 % for 5 minutes." },
  startsAt: "2026-11-22T08:30:00.123456789Z",
  endsAt: "0001-01-01T00:00:00Z",
  generatorURL: "https://prometheus.example/graph?g0.expr=errors",
  fingerprint: "c6eadffa33fcdf37",
  ...change,
});

/** As version 4 of Alertmanager's webhook has it. */
export const alerts = (...told: readonly object[]) => ({
  version: "4",
  groupKey: '{}:{alertname="HighErrorRate"}',
  truncatedAlerts: 0,
  status: "firing",
  receiver: "rig",
  groupLabels: { alertname: "HighErrorRate" },
  commonLabels: {},
  commonAnnotations: {},
  externalURL: "https://alertmanager.example",
  alerts: told,
});

export const signed = (body: unknown, secret = fluxSecret) => ({
  "x-signature": `sha256=${createHmac("sha256", secret)
    .update(typeof body === "string" ? body : JSON.stringify(body))
    .digest("hex")}`,
});

export const fluxEvent = (change: Record<string, unknown> = {}) => ({
  involvedObject: {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    namespace: "flux-system",
    name: "shop",
    uid: "7d0cdc51-ddcf-4743-b223-83ca5c699632",
  },
  severity: "info",
  reason: "ReconciliationSucceeded",
  message: "Reconciliation finished in 2.1s, next run in 10m0s",
  metadata: { revision: `main@sha1:${"a".repeat(40)}` },
  reportingController: "kustomize-controller",
  timestamp: "2026-11-22T09:00:00Z",
  ...change,
});
