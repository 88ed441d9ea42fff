/** What must hold for everything that runs in the cluster. Each policy names what breaks it; nothing named is well. */
import { pinnedImages } from "./policies/images.ts";
import { defaultDeny, onlyKnownPaths, runnersReachTheProxyOnly } from "./policies/network.ts";
import { bounded, dropsEverything, nonRoot, notOfTheNode, readOnlyRoot, sandboxStaysInside, seccomp } from "./policies/pods.ts";
import { keepsWhatItAcknowledged } from "./policies/postgres.ts";
import { replacedWithoutLoss } from "./policies/rollout.ts";
import { runnersAreBounded, runnersHaveNoRights } from "./policies/runners.ts";
import { decryptedByFlux, noPlaintextSecret, noServiceAccountToken, secretsAreFiles } from "./policies/secrets.ts";
import type { World } from "./world.ts";

export type Policy = (world: World) => readonly string[];

export const policies: Readonly<Record<string, Policy>> = {
  "no secret in plain text": noPlaintextSecret,
  "secrets come as files": secretsAreFiles,
  "Flux decrypts the secrets": decryptedByFlux,
  "no service account token": noServiceAccountToken,
  "every image and chart by digest": pinnedImages,
  "no pod runs as root": nonRoot,
  "no pod writes to its image": readOnlyRoot,
  "no pod has a capability": dropsEverything,
  "every pod's system calls are filtered": seccomp,
  "only a pod of its own users has a whole /proc": sandboxStaysInside,
  "no pod shares the node's files or network": notOfTheNode,
  "every container has bounds": bounded,
  "every namespace denies by default": defaultDeny,
  "agents reach the proxy and nothing else": runnersReachTheProxyOnly,
  "the ingress knows four paths": onlyKnownPaths,
  "all agents together have bounds": runnersAreBounded,
  "agents have no rights in the cluster": runnersHaveNoRights,
  "Postgres keeps what it acknowledged": keepsWhatItAcknowledged,
  "the Rig is replaced without loss": replacedWithoutLoss,
};
