import { at, isRecord, nameOf, ofKind } from "../manifest.ts";
import type { Policy } from "../policies.ts";

/** Encrypted by SOPS: its metadata is there, and each value is one of its envelopes. */
export const noPlaintextSecret: Policy = ({ objects }) =>
  ofKind(objects, "Secret").flatMap((secret) => {
    const values = ["data", "stringData"].flatMap((field) => Object.entries(isRecord(secret[field]) ? secret[field] : {}));
    const plain = values.filter(([, value]) => !/^ENC\[AES256_GCM,data:/.test(String(value)));
    const sealed = typeof at(secret, "sops.mac") === "string";
    return sealed && plain.length === 0
      ? []
      : [`${nameOf(secret)}: not encrypted: ${plain.map(([name]) => name).join(", ") || "no SOPS metadata"}`];
  });

/** R6, R7: what a variable holds, every child process and every crash report has. */
export const secretsAreFiles: Policy = ({ pods }) =>
  pods.flatMap(({ where, containers }) =>
    containers.flatMap(({ name, env, envFrom }) => [
      ...env
        .filter(({ valueFrom }) => isRecord(valueFrom) && "secretKeyRef" in valueFrom)
        .map((one) => `${where}: ${one.name} of ${name} is a secret`),
      ...env
        .filter((one) => /KEY|SECRET|TOKEN|PASSWORD/i.test(one.name) && !one.name.endsWith("_FILE"))
        .map((one) => `${where}: ${one.name} of ${name} reads like a secret`),
      ...envFrom.filter((from) => "secretRef" in from).map(() => `${where}: ${name} takes its variables from a secret`),
    ]),
  );

export const decryptedByFlux: Policy = ({ objects }) =>
  ofKind(objects, "Kustomization")
    .filter((one) => String(at(one, "spec.path")).startsWith("./deploy/secrets/"))
    .filter((one) => at(one, "spec.decryption.provider") !== "sops" || at(one, "spec.decryption.secretRef.name") === undefined)
    .map((one) => `${nameOf(one)}: reads secrets and decrypts none`);

/** Only the listener of the runners' controller speaks to the API server, from the controller's namespace. */
export const noServiceAccountToken: Policy = ({ pods }) =>
  pods
    .filter(({ namespace, completed }) => !(completed === "chart" && namespace === "arc-systems"))
    .filter(
      ({ spec }) =>
        spec.automountServiceAccountToken !== false ||
        spec.serviceAccountName !== undefined ||
        JSON.stringify(spec).includes('serviceAccountToken":{'),
    )
    .map(({ where }) => `${where}: has a token of the API server`);
