import { releases } from "../charts.ts";
import { at, isRecord } from "../manifest.ts";
import type { Container, Pod } from "../pods.ts";
import type { Policy } from "../policies.ts";

const eachPod =
  (broken: (pod: Pod) => readonly string[]): Policy =>
  ({ pods }) =>
    pods.flatMap((pod) => broken(pod).map((line) => `${pod.where}: ${line}`));

const eachContainer = (broken: (container: Container, pod: Pod) => readonly string[]): Policy =>
  eachPod((pod) => pod.containers.flatMap((container) => broken(container, pod).map((line) => `container ${container.name} ${line}`)));

export const nonRoot: Policy = eachPod(({ spec, containers, completed }) => {
  const users = [spec.securityContext, ...containers.map(({ securityContext }) => securityContext)];
  return [
    ...(spec.securityContext.runAsNonRoot === true ? [] : ["runAsNonRoot is not true"]),
    ...(completed === "here" && typeof spec.securityContext.runAsUser !== "number" ? ["no runAsUser by number"] : []),
    ...(users.some(({ runAsUser, runAsNonRoot }) => runAsUser === 0 || runAsNonRoot === false) ? ["runs as root"] : []),
  ];
});

export const readOnlyRoot: Policy = eachContainer(({ securityContext }) =>
  securityContext.readOnlyRootFilesystem === true ? [] : ["may write to its image"],
);

export const dropsEverything: Policy = eachContainer(({ securityContext }) => {
  const { capabilities, allowPrivilegeEscalation, privileged } = securityContext;
  return [
    ...(JSON.stringify(capabilities) === '{"drop":["ALL"]}' ? [] : ["does not drop all capabilities, or adds one"]),
    ...(allowPrivilegeEscalation === false ? [] : ["may gain privileges"]),
    ...(privileged === true ? ["is privileged"] : []),
  ];
});

/** RuntimeDefault, or for pods with users of their own the profile in deploy/nodes. */
export const seccomp: Policy = eachPod(({ spec, containers }) =>
  [spec, ...containers].flatMap(({ securityContext }) => {
    const profile = securityContext.seccompProfile;
    if (profile === undefined && securityContext !== spec.securityContext) return [];
    const type = at(profile, "type");
    if (type === "RuntimeDefault") return [];
    const ours = type === "Localhost" && at(profile, "localhostProfile") === "rig-sandbox.json" && spec.hostUsers === false;
    return ours ? [] : [`its seccomp profile is ${JSON.stringify(profile)}`];
  }),
);

/** What the agents' sandbox needs would be the node's root in a pod that shares the node's users. */
export const sandboxStaysInside: Policy = eachContainer(({ securityContext }, { spec }) => {
  const wide = securityContext.procMount === "Unmasked" || at(securityContext, "appArmorProfile.type") === "Unconfined";
  return wide && spec.hostUsers !== false ? ["has a whole /proc or no AppArmor, in a pod with the node's users"] : [];
});

export const notOfTheNode: Policy = eachPod(({ spec, containers }) => [
  ...["hostNetwork", "hostPID", "hostIPC"].filter((name) => spec[name] === true).map((name) => `${name} is true`),
  ...spec.volumes.filter((volume) => "hostPath" in volume).map(({ name }) => `volume ${name} is a folder of the node`),
  ...containers
    .filter(({ ports }) => ports.some(({ hostPort }) => hostPort !== undefined))
    .map(({ name }) => `container ${name} has a port of the node`),
  ...(JSON.stringify(spec).includes("docker.sock") ? ["reaches for the Docker socket"] : []),
]);

export const bounded: Policy = (world) => [
  ...eachContainer(({ resources }) => unbounded(resources.limits, resources.requests))(world),
  ...eachPod(({ spec }) =>
    spec.volumes
      .filter((volume) => "emptyDir" in volume && !(isRecord(volume.emptyDir) && "sizeLimit" in volume.emptyDir))
      .map(({ name }) => `volume ${name} has no sizeLimit`),
  )(world),
  ...releases(world.objects).flatMap(({ where, resources }) =>
    resources.flatMap(({ at: value, limits, requests }) => unbounded(limits, requests).map((line) => `${where}: ${value} ${line}`)),
  ),
];

/** No limit on the processor is asked for: it slows what could run, and protects nobody who has a request. */
const unbounded = (limits: unknown, requests: unknown): readonly string[] => [
  ...(at(limits, "memory") === undefined ? ["has no limit of memory"] : []),
  ...(at(requests, "memory") === undefined || at(requests, "cpu") === undefined ? ["requests no memory or no processor"] : []),
];
