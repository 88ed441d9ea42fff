import { at, isRecord, type Manifest, matches, nameOf, ofKind } from "../manifest.ts";
import type { Pod } from "../pods.ts";
import type { World } from "../world.ts";
import { selected, selectsNothing } from "./pods.ts";

/** Made by operators and by k3s: pods that the files only speak of. */
const FOREIGN: readonly { readonly namespace: string; readonly labels: Readonly<Record<string, string>> }[] = [
  { namespace: "kube-system", labels: { "app.kubernetes.io/name": "traefik" } },
  { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } },
  { namespace: "flux-system", labels: { app: "notification-controller" } },
  { namespace: "rig", labels: { "cnpg.io/cluster": "rig-db" } },
  { namespace: "rig", labels: { "acme.cert-manager.io/http01-solver": "true" } },
];
const FOREIGN_NAMESPACES = ["kube-system", "flux-system", "monitoring"];

const NAMESPACE = "kubernetes.io/metadata.name";

export function networkReferences(world: World): readonly string[] {
  const { objects, pods } = world;
  const namespaces = [...ofKind(objects, "Namespace").map(({ metadata }) => metadata.name), ...FOREIGN_NAMESPACES];
  return [
    ...objects
      .filter(({ metadata }) => metadata.namespace !== undefined && !namespaces.includes(metadata.namespace))
      .map((object) => `${nameOf(object)}: there is no such namespace`),
    ...ofKind(objects, "Service").flatMap((service) => served(service, pods)),
    ...ofKind(objects, "PodDisruptionBudget")
      .filter((budget) => selected(pods, budget, at(budget, "spec.selector.matchLabels")).length === 0)
      .map(selectsNothing),
    ...ofKind(objects, "Ingress").flatMap((ingress) => routed(ingress, objects)),
    ...ofKind(objects, "NetworkPolicy").flatMap((policy) => allowed(policy, world, namespaces)),
    ...proxyAddresses(world),
  ];
}

function served(service: Manifest, pods: readonly Pod[]): readonly string[] {
  const behind = selected(pods, service, at(service, "spec.selector"));
  if (behind.length === 0) return [selectsNothing(service)];
  const ports = behind.flatMap(({ containers }) => containers.flatMap((container) => container.ports.map(({ name }) => name)));
  return [at(service, "spec.ports") ?? []]
    .flat()
    .map((port) => at(port, "targetPort"))
    .filter((target) => typeof target === "string" && !ports.includes(target))
    .map((target) => `${nameOf(service)}: its pods have no port ${target}`);
}

function routed(ingress: Manifest, objects: readonly Manifest[]): readonly string[] {
  const issuer = ingress.metadata.annotations?.["cert-manager.io/cluster-issuer"];
  const backends = [at(ingress, "spec.rules") ?? []].flat().flatMap((rule) => [at(rule, "http.paths") ?? []].flat());
  return [
    ...backends
      .filter((path) => {
        const service = ofKind(objects, "Service").find(
          ({ metadata }) => metadata.name === at(path, "backend.service.name") && metadata.namespace === ingress.metadata.namespace,
        );
        const ports = [at(service, "spec.ports") ?? []].flat().map((port) => at(port, "name"));
        return !ports.includes(at(path, "backend.service.port.name"));
      })
      .map((path) => `${nameOf(ingress)}: ${at(path, "path")} leads to no port of a Service`),
    ...(ofKind(objects, "ClusterIssuer").some(({ metadata }) => metadata.name === issuer)
      ? []
      : [`${nameOf(ingress)}: there is no issuer ${issuer}`]),
  ];
}

function allowed(policy: Manifest, { pods }: World, namespaces: readonly string[]): readonly string[] {
  const own = String(policy.metadata.namespace);
  const known = [...FOREIGN, ...pods];
  const finds = (namespace: string, labels: unknown) =>
    known.some((pod) => pod.namespace === namespace && matches(pod.labels, Object(labels)));
  const peers = ["ingress", "egress"].flatMap((direction) =>
    [at(policy, `spec.${direction}`) ?? []].flat().flatMap((rule) => [at(rule, "from") ?? at(rule, "to") ?? []].flat()),
  );
  return [
    ...(JSON.stringify(at(policy, "spec.podSelector")) === "{}" || finds(own, at(policy, "spec.podSelector.matchLabels"))
      ? []
      : [selectsNothing(policy)]),
    ...peers.filter(isRecord).flatMap((peer) => {
      const named = at(peer.namespaceSelector, "matchLabels");
      const namespace = isRecord(named) ? String(named[NAMESPACE]) : own;
      if (!namespaces.includes(namespace)) return [`${nameOf(policy)}: there is no namespace ${namespace}`];
      const labels = at(peer.podSelector, "matchLabels");
      return labels === undefined || finds(namespace, labels)
        ? []
        : [`${nameOf(policy)}: names no pod of ${namespace} by ${JSON.stringify(labels)}`];
    }),
    ...namedPorts(policy)
      .filter(
        (port) =>
          !selected(pods, policy, at(policy, "spec.podSelector.matchLabels")).some(({ containers }) =>
            containers.some((one) => one.ports.some(({ name }) => name === port)),
          ),
      )
      .map((port) => `${nameOf(policy)}: its pods have no port ${port}`),
  ];
}

const namedPorts = (policy: Manifest): readonly string[] =>
  [at(policy, "spec.ingress") ?? []]
    .flat()
    .flatMap((rule) => [at(rule, "ports") ?? []].flat().map((one) => at(one, "port")))
    .filter((port) => typeof port === "string");

/** Agents know the proxy by its address, which therefore stands in several files. */
function proxyAddresses({ objects, pods }: World): readonly string[] {
  const service = ofKind(objects, "Service").find(({ metadata }) => metadata.namespace === "rig-egress");
  const address = `http://${at(service, "spec.clusterIP")}:${at([at(service, "spec.ports") ?? []].flat()[0], "port")}`;
  return pods.flatMap(({ where, containers }) =>
    containers.flatMap(({ env }) =>
      env
        .filter(({ name, value }) => /^https_proxy$/i.test(name) && value !== address)
        .map(({ value }) => `${where}: the proxy is at ${address}, not at ${value}`),
    ),
  );
}
