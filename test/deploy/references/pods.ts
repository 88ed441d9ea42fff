import { at, isRecord, type Manifest, matches, nameOf, ofKind } from "../manifest.ts";
import type { Container, Pod } from "../pods.ts";
import type { World } from "../world.ts";

/** Written by an operator, once its object is there. */
const MADE: Readonly<Record<string, readonly string[]>> = { "rig/rig-db-app": ["uri"] };

export function podReferences({ objects, pods }: World, declared: readonly Manifest[]): readonly string[] {
  const inNamespace = (kind: string, namespace: string, name: string) =>
    ofKind(objects, kind).find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  return pods.flatMap((pod) => [
    ...configMapsOf(pod)
      .filter((name) => !inNamespace("ConfigMap", pod.namespace, name))
      .map((name) => `${pod.where}: there is no ConfigMap ${name}`),
    ...secretsOf(pod).flatMap(({ name, keys }) => {
      const has = keysOf(declared, pod.namespace, name);
      if (!has) return [`${pod.where}: nobody makes the Secret ${name}`];
      return keys.filter((key) => !has.includes(key)).map((key) => `${pod.where}: the Secret ${name} has no ${key}`);
    }),
    ...pod.containers.flatMap((container) => mountsOf(container, pod)),
    ...selectsItself(pod),
  ]);
}

/** The keys of a secret that is declared or made, or undefined. */
export function keysOf(declared: readonly Manifest[], namespace: string, name: string): readonly string[] | undefined {
  const secret = declared.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  return secret ? Object.keys(Object(secret.stringData)) : MADE[`${namespace}/${name}`];
}

const configMapsOf = ({ spec, containers }: Pod): readonly string[] => [
  ...spec.volumes.flatMap((volume) => (isRecord(volume.configMap) ? [String(volume.configMap.name)] : [])),
  ...containers.flatMap(({ envFrom }) => envFrom.flatMap(({ configMapRef }) => (configMapRef ? [configMapRef.name] : []))),
];

const secretsOf = ({ spec }: Pod): readonly { readonly name: string; readonly keys: readonly string[] }[] =>
  spec.volumes.flatMap((volume) =>
    isRecord(volume.secret)
      ? [{ name: String(volume.secret.secretName), keys: [volume.secret.items ?? []].flat().map((item) => String(at(item, "key"))) }]
      : [],
  );

const mountsOf = ({ name, volumeMounts, ...container }: Container, { where, spec }: Pod): readonly string[] => [
  ...volumeMounts
    .filter((mount) => !spec.volumes.some((volume) => volume.name === mount.name))
    .map((mount) => `${where}: ${name} mounts ${mount.name}, which is no volume`),
  ...["startupProbe", "livenessProbe", "readinessProbe"]
    .map((probe) => at(container[probe], "httpGet.port") ?? at(container[probe], "tcpSocket.port"))
    .filter((port) => typeof port === "string" && !container.ports.some((one) => one.name === port))
    .map((port) => `${where}: ${name} is probed at ${port}, which is no port of it`),
];

const selectsItself = ({ where, labels, spec }: Pod): readonly string[] =>
  [spec.topologySpreadConstraints ?? []]
    .flat()
    .filter((spread) => !matches(labels, Object(at(spread, "labelSelector.matchLabels"))))
    .map(() => `${where}: is spread by labels that it has not`);

/** What selects pods in its own namespace has to find one. */
export const selected = (pods: readonly Pod[], object: Manifest, selector: unknown): readonly Pod[] =>
  pods.filter(
    ({ namespace, labels }) => namespace === object.metadata.namespace && isRecord(selector) && matches(labels, Object(selector)),
  );

export const selectsNothing = (object: Manifest): string => `${nameOf(object)}: selects no pod`;
