import { at, type Manifest, nameOf, ofKind } from "../manifest.ts";
import type { World } from "../world.ts";
import { keysOf } from "./pods.ts";

export function fluxReferences(
  { overlay, objects }: World,
  declared: readonly Manifest[],
  exists: (path: string) => boolean,
): readonly string[] {
  const named = (from: Manifest, kind: string, name: unknown, namespace: unknown) =>
    ofKind(objects, kind).some((one) => one.metadata.name === name && one.metadata.namespace === (namespace ?? from.metadata.namespace));
  const needed = (object: Manifest) =>
    [at(object, "spec.dependsOn") ?? []]
      .flat()
      .filter((other) => !named(object, object.kind, at(other, "name"), at(other, "namespace")))
      .map((other) => `${nameOf(object)}: depends on ${at(other, "name")}, which is nowhere`);
  return [
    ...ofKind(objects, "Kustomization").flatMap((one) => {
      const path = String(at(one, "spec.path"));
      return [
        ...needed(one),
        ...(exists(path) && path.endsWith(`/${overlay}`) ? [] : [`${nameOf(one)}: ${path} is no folder of ${overlay}`]),
        ...[at(one, "spec.healthChecks") ?? []]
          .flat()
          .filter((check) => !named(one, String(at(check, "kind")), at(check, "name"), at(check, "namespace")))
          .map((check) => `${nameOf(one)}: waits for ${at(check, "kind")} ${at(check, "name")}, which nobody makes`),
      ];
    }),
    ...ofKind(objects, "Provider")
      .filter(
        (provider) =>
          !keysOf(declared, String(provider.metadata.namespace), String(at(provider, "spec.secretRef.name")))?.includes("token"),
      )
      .map((provider) => `${nameOf(provider)}: nobody makes the token of the Secret ${at(provider, "spec.secretRef.name")}`),
    ...ofKind(objects, "Provider")
      .filter(
        (provider) =>
          !ofKind(objects, "Service").some((service) =>
            String(at(provider, "spec.address")).startsWith(
              `http://${service.metadata.name}.${service.metadata.namespace}.svc.cluster.local/`,
            ),
          ),
      )
      .map((provider) => `${nameOf(provider)}: ${at(provider, "spec.address")} is no Service`),
    ...ofKind(objects, "Alert")
      .filter((alert) => !named(alert, "Provider", at(alert, "spec.providerRef.name"), undefined))
      .map((alert) => `${nameOf(alert)}: tells nobody`),
    ...ofKind(objects, "HelmRelease").flatMap((release) => [
      ...needed(release),
      ...(named(release, "OCIRepository", at(release, "spec.chartRef.name"), undefined)
        ? []
        : [`${nameOf(release)}: its chart comes from nowhere`]),
      ...controller(release, objects),
    ]),
  ];
}

/** The runners' chart gives its controller rights by name. */
function controller(release: Manifest, objects: readonly Manifest[]): readonly string[] {
  const account = at(release, "spec.values.controllerServiceAccount");
  if (account === undefined) return [];
  const made = ofKind(objects, "HelmRelease").some(
    (one) => one.metadata.namespace === at(account, "namespace") && at(one, "spec.values.serviceAccount.name") === at(account, "name"),
  );
  return made ? [] : [`${nameOf(release)}: nobody makes the account ${at(account, "namespace")}/${at(account, "name")}`];
}
