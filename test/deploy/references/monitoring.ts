import { at, matches, nameOf, ofKind } from "../manifest.ts";
import type { World } from "../world.ts";

export const monitoringReferences = ({ objects }: World): readonly string[] =>
  ofKind(objects, "ServiceMonitor").flatMap((monitor) => {
    const namespaces = [at(monitor, "spec.namespaceSelector.matchNames") ?? monitor.metadata.namespace].flat();
    const services = ofKind(objects, "Service").filter(
      ({ metadata }) =>
        namespaces.includes(metadata.namespace) && matches(metadata.labels ?? {}, Object(at(monitor, "spec.selector.matchLabels"))),
    );
    const ports = services.flatMap((service) => [at(service, "spec.ports") ?? []].flat().map((port) => at(port, "name")));
    return [
      ...(services.length === 0 ? [`${nameOf(monitor)}: selects no Service`] : []),
      ...[at(monitor, "spec.endpoints") ?? []]
        .flat()
        .filter((endpoint) => !ports.includes(at(endpoint, "port")))
        .map((endpoint) => `${nameOf(monitor)}: no Service has the port ${at(endpoint, "port")}`),
    ];
  });
