import { at, nameOf, ofKind } from "../manifest.ts";
import type { Policy } from "../policies.ts";

const RUNNERS = "rig-runners";

export const runnersAreBounded: Policy = ({ objects }) =>
  ["ResourceQuota", "LimitRange"]
    .filter((kind) => !ofKind(objects, kind).some(({ metadata }) => metadata.namespace === RUNNERS))
    .map((kind) => `namespace ${RUNNERS}: no ${kind}`);

/** No Docker daemon, no pods of their own making, no role, and the labels that the agents' workflows ask for. */
export const runnersHaveNoRights: Policy = ({ objects }) => [
  ...ofKind(objects, "Role", "RoleBinding", "ServiceAccount")
    .filter(({ metadata }) => metadata.namespace === RUNNERS)
    .map((object) => `${nameOf(object)}: a right for agents`),
  ...ofKind(objects, "ClusterRoleBinding")
    .filter((binding) => JSON.stringify(binding).includes(RUNNERS))
    .map((object) => `${nameOf(object)}: a right for agents in the whole cluster`),
  ...ofKind(objects, "HelmRelease")
    .filter(({ metadata }) => metadata.namespace === RUNNERS)
    .flatMap((release) => [
      ...(at(release, "spec.values.containerMode") === undefined ? [] : [`${nameOf(release)}: containerMode is set`]),
      ...(typeof at(release, "spec.values.githubConfigSecret") === "string" ? [] : [`${nameOf(release)}: its secret stands in its values`]),
      ...(JSON.stringify(at(release, "spec.values.scaleSetLabels")) === '["self-hosted","rig"]'
        ? []
        : [`${nameOf(release)}: not the labels of the workflows`]),
    ]),
];
