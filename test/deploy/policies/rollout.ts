import { readFileSync } from "node:fs";
import { at, matches, nameOf, ofKind } from "../manifest.ts";
import { type Container, podsOf } from "../pods.ts";
import type { Policy } from "../policies.ts";

/** F24, F41: the next version is ready before this one goes, and this one has the time that it takes. */
export const replacedWithoutLoss: Policy = ({ objects }) =>
  ofKind(objects, "Deployment").flatMap((deployment) => {
    const [pod] = podsOf(deployment);
    const disrupted = ofKind(objects, "PodDisruptionBudget").some(
      (budget) =>
        budget.metadata.namespace === deployment.metadata.namespace &&
        matches(pod?.labels ?? {}, Object(at(budget, "spec.selector.matchLabels"))),
    );
    const [container] = pod?.containers ?? [];
    return [
      ...(at(deployment, "spec.strategy.rollingUpdate.maxUnavailable") === 0 ? [] : ["maxUnavailable is not 0"]),
      ...(disrupted ? [] : ["no PodDisruptionBudget"]),
      ...(pod?.spec.topologySpreadConstraints === undefined ? ["not spread over nodes"] : []),
      ...(container ? probes(container) : []),
      ...(deployment.metadata.name === "rig" && Number(pod?.spec.terminationGracePeriodSeconds) <= stopTakes()
        ? ["killed before it has stopped"]
        : []),
    ].map((line) => `${nameOf(deployment)}: ${line}`);
  });

function probes(container: Container): readonly string[] {
  const asks = (probe: string) => at(container[probe], "httpGet.path") ?? (at(container[probe], "tcpSocket") && "tcp");
  return [
    ...(["/readyz", "tcp"].includes(String(asks("readinessProbe"))) ? [] : ["its readiness is not asked for"]),
    ...(["/healthz", "tcp"].includes(String(asks("livenessProbe"))) ? [] : ["its life is not asked for"]),
  ];
}

/** Seconds: jobs under way, then answers under way, as the program itself says. */
function stopTakes(): number {
  const constant = (file: string, name: RegExp) => Number(name.exec(readFileSync(file, "utf8"))?.[1]?.replace("_", "")) / 1000;
  return constant("app/store/worker.ts", /stopWithinMs = ([\d_]+)/) + constant("app/door/server.ts", /GRACE = ([\d_]+)/);
}
