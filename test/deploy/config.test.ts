/** The program starts with what its pod gives it. */
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { z } from "zod";
import { readConfig } from "../../app/config.ts";
import { at, ofKind } from "./manifest.ts";
import { podsOf } from "./pods.ts";
import { declaredSecrets } from "./references.ts";
import { overlays, render } from "./render.ts";

const root = mkdtempSync(join(tmpdir(), "rig-deploy-config-"));
afterAll(() => rmSync(root, { recursive: true }));

const Variables = z.record(z.string(), z.string());
const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
});
const contents: Readonly<Record<string, string>> = {
  PRIVATE_KEY: privateKey,
  REVIEW_PRIVATE_KEY: privateKey,
  WEBHOOK_SECRET: "a-webhook-secret-of-more-than-32-bytes",
  token: "a-token-of-flux-of-more-than-32-bytes",
  uri: "postgresql://rig:password@rig-db-rw.rig:5432/rig",
};

async function givenBy(overlay: string) {
  const objects = await render(`deploy/apps/${overlay}`);
  const config = ofKind(objects, "ConfigMap").find(({ metadata }) => metadata.name.startsWith("rig-config"));
  const [pod] = ofKind(objects, "Deployment")
    .filter(({ metadata }) => metadata.name === "rig")
    .flatMap(podsOf);
  if (!pod) throw new Error("There is no Deployment of the Rig.");
  return { variables: Variables.parse(config?.data), pod, objects };
}

/** The files that the pod's volumes would make of secrets, below a folder of this test's. */
function filesOf({ pod }: Awaited<ReturnType<typeof givenBy>>): readonly string[] {
  return pod.containers.flatMap(({ volumeMounts }) =>
    volumeMounts.flatMap(({ name, mountPath }) => {
      const secret = pod.spec.volumes.find((volume) => volume.name === name)?.secret;
      const picked = [at(secret, "items") ?? []].flat().map((item) => String(at(item, "path")));
      const declared = declaredSecrets.find(({ metadata }) => metadata.name === at(secret, "secretName"));
      return (picked.length > 0 ? picked : Object.keys(Object(declared?.stringData))).map((key) => join(mountPath, key));
    }),
  );
}

test.each(overlays)("%s: the pod's variables and files are a configuration", async (overlay) => {
  const given = await givenBy(overlay);
  for (const file of filesOf(given)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), contents[file.split("/").at(-1) ?? ""] ?? "something");
  }
  const here = Object.entries(given.variables).map(([name, value]) => [name, name.endsWith("_FILE") ? join(root, value) : value] as const);
  const config = readConfig(Object.fromEntries(here));
  expect(config).toMatchObject({ host: "0.0.0.0", port: 3000, metricsPort: 9464, databaseUrl: contents.uri });
  const ports = given.pod.containers.flatMap((container) => container.ports.map(({ containerPort }) => containerPort));
  expect(ports).toEqual([config.port, config.metricsPort]);
});

test.each(overlays)("%s: every variable is one that the program reads", async (overlay) => {
  const { variables } = await givenBy(overlay);
  const source = readFileSync("app/config.ts", "utf8");
  const known = [...source.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name]) => name);
  expect(Object.keys(variables).filter((name) => !known.includes(name.replace(/_FILE$/, "")))).toEqual([]);
});

test.each(overlays)("%s: the agents may reach the Rig at its public address, and it is the ingress's", async (overlay) => {
  const { variables, objects } = await givenBy(overlay);
  const host = new URL(variables.RIG_PUBLIC_URL ?? "").hostname;
  const hosts = ofKind(objects, "ConfigMap").find(({ metadata }) => metadata.name.startsWith("egress-hosts"));
  expect(Variables.parse(hosts?.data)["yours.txt"]?.split("\n")).toContain(host);
  expect(JSON.stringify(ofKind(objects, "Ingress"))).toContain(`"host":"${host}"`);
});
