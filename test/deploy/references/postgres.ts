import { at, type Manifest, nameOf, ofKind } from "../manifest.ts";
import type { World } from "../world.ts";
import { keysOf } from "./pods.ts";

export function postgresReferences({ objects }: World, declared: readonly Manifest[]): readonly string[] {
  const beside = (object: Manifest, kind: string, name: unknown) =>
    ofKind(objects, kind).some(({ metadata }) => metadata.name === name && metadata.namespace === object.metadata.namespace);
  return [
    ...ofKind(objects, "Cluster").flatMap((cluster) =>
      [at(cluster, "spec.plugins") ?? []]
        .flat()
        .map((plugin) => at(plugin, "parameters.barmanObjectName"))
        .filter((store) => !beside(cluster, "ObjectStore", store))
        .map((store) => `${nameOf(cluster)}: there is no ObjectStore ${store}`),
    ),
    ...ofKind(objects, "ScheduledBackup")
      .filter((backup) => !beside(backup, "Cluster", at(backup, "spec.cluster.name")))
      .map((backup) => `${nameOf(backup)}: there is no such Cluster`),
    ...ofKind(objects, "ObjectStore").flatMap((store) =>
      ["accessKeyId", "secretAccessKey"]
        .map((field) => at(store, `spec.configuration.s3Credentials.${field}`))
        .filter((key) => !keysOf(declared, String(store.metadata.namespace), String(at(key, "name")))?.includes(String(at(key, "key"))))
        .map((key) => `${nameOf(store)}: nobody makes ${at(key, "key")} of the Secret ${at(key, "name")}`),
    ),
  ];
}
