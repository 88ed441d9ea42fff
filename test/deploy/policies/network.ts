import { at, isRecord, type Manifest, nameOf, ofKind } from "../manifest.ts";
import type { Policy } from "../policies.ts";

/** Namespaces whose pods are ours. */
export const OWN_NAMESPACES = ["rig", "rig-egress", "rig-runners"];

export const defaultDeny: Policy = ({ objects }) =>
  OWN_NAMESPACES.filter((namespace) => !ofKind(objects, "NetworkPolicy").some((policy) => deniesAll(policy, namespace))).map(
    (namespace) => `namespace ${namespace}: no policy denies both directions for all its pods`,
  );

function deniesAll({ metadata, spec }: Manifest, namespace: string): boolean {
  return (
    metadata.namespace === namespace &&
    JSON.stringify(at(spec, "podSelector")) === "{}" &&
    ["Ingress", "Egress"].every((direction) => JSON.stringify(at(spec, "policyTypes") ?? []).includes(`"${direction}"`)) &&
    at(spec, "ingress") === undefined &&
    at(spec, "egress") === undefined
  );
}

const PROXY = {
  to: [
    {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "rig-egress" } },
      podSelector: { matchLabels: { "app.kubernetes.io/name": "egress-proxy" } },
    },
  ],
  ports: [{ port: 3128 }],
};

/** R9: and neither names nor addresses of anything else. */
export const runnersReachTheProxyOnly: Policy = ({ objects, pods }) => [
  ...ofKind(objects, "NetworkPolicy")
    .filter(({ metadata }) => metadata.namespace === "rig-runners")
    .flatMap((policy) => [
      ...(at(policy, "spec.ingress") === undefined ? [] : [`${nameOf(policy)}: lets something in`]),
      ...[at(policy, "spec.egress") ?? []]
        .flat()
        .filter((rule) => !same(rule, PROXY))
        .map((rule) => `${nameOf(policy)}: lets agents reach ${JSON.stringify(rule)}`),
    ]),
  ...pods
    .filter(({ namespace }) => namespace === "rig-runners")
    .filter(({ spec }) => spec.dnsPolicy !== "None" || JSON.stringify(at(spec.dnsConfig, "nameservers")) !== '["127.0.0.1"]')
    .map(({ where }) => `${where}: resolves names`),
];

/** Equal whatever the order of keys. */
const same = (one: unknown, other: unknown): boolean => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
};

/** Each of them checks who speaks; the dashboard and the read API are not for the internet. */
const PUBLIC = ["/api/github/webhooks", "/api/runs", "/llm", "/hooks"];

export const onlyKnownPaths: Policy = ({ objects }) =>
  ofKind(objects, "Ingress").flatMap((ingress) => [
    ...(at(ingress, "spec.tls") === undefined ? [`${nameOf(ingress)}: no TLS`] : []),
    ...(at(ingress, "spec.defaultBackend") === undefined ? [] : [`${nameOf(ingress)}: answers every path`]),
    ...[at(ingress, "spec.rules")]
      .flat()
      .flatMap((rule) => [at(rule, "http.paths") ?? []].flat())
      .filter((path) => !PUBLIC.includes(String(at(path, "path"))))
      .map((path) => `${nameOf(ingress)}: shows ${at(path, "path")} to the internet`),
  ]);
