/** One field of a rendered object broken at a time: the check that is there for it says so. */
import { beforeAll, expect, test } from "@jest/globals";
import { Manifest, nameOf } from "./manifest.ts";
import { policies } from "./policies.ts";
import { dangling } from "./references.ts";
import { wrongWith } from "./schemas.ts";
import { renderOverlay, type World, worldOf } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = worldOf("ha", Object.values(await renderOverlay("ha")).flat());
});

const RIG = "Deployment rig/rig";
const PROXY = "Deployment rig-egress/egress-proxy";
const RUNNERS = "HelmRelease rig-runners/runners";
const PROBE = "CronJob rig-runners/network-probe";
const DATABASE = "Cluster rig/rig-db";
const CERTIFICATES = "HelmRelease cert-manager/cert-manager";
const pod = "spec.template.spec";
const runner = "spec.values.template.spec";
const probe = "spec.jobTemplate.spec.template.spec";
const zeros = `sha256:${"0".repeat(64)}`;
/** Takes the field away. */
const gone = undefined;

const secret = (data: object) => ({ apiVersion: "v1", kind: "Secret", metadata: { name: "new", namespace: "rig" }, ...data });
const rule = { to: [{ ipBlock: { cidr: "0.0.0.0/0" } }] };

const broken: readonly (readonly [check: string, object: string, path: string, value: unknown])[] = [
  ["no secret in plain text", RIG, "", secret({ data: { TOKEN: "aGVsbG8=" } })],
  ["no secret in plain text", RIG, "", secret({ stringData: { TOKEN: "hello" }, sops: { mac: "ENC[]" } })],
  ["no secret in plain text", RIG, "", secret({ stringData: { TOKEN: "ENC[AES256_GCM,data:x]" } })],
  [
    "secrets come as files",
    RIG,
    `${pod}.containers.0.env`,
    [{ name: "A", valueFrom: { secretKeyRef: { name: "rig-secrets", key: "A" } } }],
  ],
  ["secrets come as files", RIG, `${pod}.containers.0.envFrom`, [{ secretRef: { name: "rig-secrets" } }]],
  ["secrets come as files", RUNNERS, `${runner}.containers.0.env.0`, { name: "ANTHROPIC_API_KEY", value: "sk" }],
  ["Flux decrypts the secrets", "Kustomization flux-system/secrets", "spec.decryption", gone],
  ["no service account token", RIG, `${pod}.automountServiceAccountToken`, gone],
  ["no service account token", RUNNERS, `${runner}.automountServiceAccountToken`, true],
  ["no service account token", PROBE, `${probe}.serviceAccountName`, "admin"],
  [
    "no service account token",
    RUNNERS,
    `${runner}.volumes.1`,
    { name: "tmp", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } },
  ],
  ["every image and chart by digest", PROXY, `${pod}.containers.0.image`, "ubuntu/squid:latest"],
  ["every image and chart by digest", RUNNERS, `${runner}.initContainers.0.image`, "ghcr.io/actions/actions-runner:2.336.0"],
  ["every image and chart by digest", PROXY, `${pod}.containers.0.image`, `ubuntu/squid@${zeros}`],
  ["every image and chart by digest", DATABASE, "spec.imageName", "ghcr.io/cloudnative-pg/postgresql:18"],
  ["every image and chart by digest", "OCIRepository rig-runners/runners", "spec.ref", { tag: "0.14.2" }],
  ["every image and chart by digest", CERTIFICATES, "spec.values.webhook.image.digest", gone],
  ["no pod runs as root", RIG, `${pod}.securityContext.runAsNonRoot`, false],
  ["no pod runs as root", RIG, `${pod}.securityContext.runAsUser`, 0],
  ["no pod runs as root", PROXY, `${pod}.containers.0.securityContext.runAsUser`, 0],
  ["no pod runs as root", RUNNERS, `${runner}.securityContext.runAsUser`, gone],
  ["no pod writes to its image", RIG, `${pod}.containers.0.securityContext.readOnlyRootFilesystem`, gone],
  ["no pod writes to its image", RUNNERS, `${runner}.containers.0.securityContext.readOnlyRootFilesystem`, false],
  ["no pod has a capability", RIG, `${pod}.containers.0.securityContext.capabilities`, gone],
  ["no pod has a capability", RUNNERS, `${runner}.containers.0.securityContext.capabilities.add`, ["SYS_ADMIN"]],
  ["no pod has a capability", RUNNERS, `${runner}.containers.0.securityContext.allowPrivilegeEscalation`, true],
  ["no pod has a capability", PROXY, `${pod}.containers.0.securityContext.privileged`, true],
  ["every pod's system calls are filtered", RIG, `${pod}.securityContext.seccompProfile`, gone],
  ["every pod's system calls are filtered", RIG, `${pod}.containers.0.securityContext.seccompProfile`, { type: "Unconfined" }],
  ["every pod's system calls are filtered", RUNNERS, `${runner}.hostUsers`, true],
  ["only a pod of its own users has a whole /proc", RUNNERS, `${runner}.hostUsers`, gone],
  ["only a pod of its own users has a whole /proc", RIG, `${pod}.containers.0.securityContext.procMount`, "Unmasked"],
  ["no pod shares the node's files or network", RIG, `${pod}.hostNetwork`, true],
  ["no pod shares the node's files or network", RUNNERS, `${runner}.volumes.0`, { name: "home", hostPath: { path: "/" } }],
  ["no pod shares the node's files or network", PROXY, `${pod}.containers.0.ports.0.hostPort`, 3128],
  ["every container has bounds", RIG, `${pod}.containers.0.resources.limits.memory`, gone],
  ["every container has bounds", RUNNERS, `${runner}.initContainers.0.resources`, gone],
  ["every container has bounds", RUNNERS, `${runner}.volumes.0.emptyDir`, {}],
  ["every container has bounds", CERTIFICATES, "spec.values.cainjector.resources", gone],
  ["every namespace denies by default", "NetworkPolicy rig/default-deny", "spec.policyTypes", ["Ingress"]],
  ["every namespace denies by default", "NetworkPolicy rig-egress/default-deny", "spec.egress", [rule]],
  ["every namespace denies by default", "NetworkPolicy rig-runners/default-deny", "spec.podSelector", { matchLabels: { a: "b" } }],
  ["agents reach the proxy and nothing else", "NetworkPolicy rig-runners/proxy-only", "spec.egress.0.ports", gone],
  ["agents reach the proxy and nothing else", "NetworkPolicy rig-runners/proxy-only", "spec.egress.1", rule],
  ["agents reach the proxy and nothing else", "NetworkPolicy rig-runners/proxy-only", "spec.egress.0.to.0.podSelector", gone],
  ["agents reach the proxy and nothing else", "NetworkPolicy rig-runners/proxy-only", "spec.ingress", [{}]],
  ["agents reach the proxy and nothing else", RUNNERS, `${runner}.dnsPolicy`, "ClusterFirst"],
  ["the ingress knows four paths", "Ingress rig/rig", "spec.rules.0.http.paths.0.path", "/"],
  ["the ingress knows four paths", "Ingress rig/rig", "spec.tls", gone],
  ["all agents together have bounds", "ResourceQuota rig-runners/runners", "metadata.namespace", "rig"],
  ["agents have no rights in the cluster", "LimitRange rig-runners/runners", "kind", "RoleBinding"],
  ["agents have no rights in the cluster", RUNNERS, "spec.values.containerMode", { type: "dind" }],
  ["agents have no rights in the cluster", RUNNERS, "spec.values.githubConfigSecret", { github_token: "ghp_x" }],
  ["agents have no rights in the cluster", RUNNERS, "spec.values.scaleSetLabels", gone],
  ["Postgres keeps what it acknowledged", DATABASE, "spec.postgresql.parameters.synchronous_commit", "off"],
  ["Postgres keeps what it acknowledged", DATABASE, "spec.postgresql.synchronous", gone],
  ["Postgres keeps what it acknowledged", DATABASE, "spec.plugins.0.isWALArchiver", false],
  ["Postgres keeps what it acknowledged", DATABASE, "spec.enableSuperuserAccess", true],
  ["Postgres keeps what it acknowledged", "ScheduledBackup rig/rig-db-nightly", "spec.cluster.name", "other"],
  ["the Rig is replaced without loss", RIG, "spec.strategy.rollingUpdate.maxUnavailable", 1],
  ["the Rig is replaced without loss", RIG, `${pod}.terminationGracePeriodSeconds`, 40],
  ["the Rig is replaced without loss", RIG, `${pod}.containers.0.readinessProbe.httpGet.path`, "/healthz"],
  ["the Rig is replaced without loss", PROXY, `${pod}.topologySpreadConstraints`, gone],
  ["the Rig is replaced without loss", "PodDisruptionBudget rig/rig", "spec.selector.matchLabels", { a: "b" }],
];

test.each(broken)("%s: %s with another %s", (check, object, path, value) => {
  const before = policies[check]?.(world) ?? [];
  const after = policies[check]?.(changed(object, path, value)) ?? [];
  expect(before).toEqual([]);
  expect(after).not.toEqual([]);
});

test("every policy has been broken once", () => {
  expect(Object.keys(policies).filter((policy) => !broken.some(([check]) => check === policy))).toEqual([]);
});

test.each([
  [RIG, `${pod}.containers.0.envFrom.0.configMapRef.name`, "other", "no ConfigMap other"],
  [RIG, `${pod}.volumes.1.secret.secretName`, "other", "nobody makes the Secret other"],
  [RIG, `${pod}.volumes.2.secret.items.0.key`, "url", "has no url"],
  [RIG, `${pod}.volumes.0.name`, "temporary", "mounts tmp, which is no volume"],
  [RIG, `${pod}.containers.0.livenessProbe.httpGet.port`, "web", "probed at web"],
  [RIG, `${pod}.topologySpreadConstraints.0.labelSelector.matchLabels`, { a: "b" }, "labels that it has not"],
  [RIG, "metadata.namespace", "elsewhere", "no such namespace"],
  ["Service rig/rig", "spec.selector", { a: "b" }, "selects no pod"],
  ["Service rig/rig", "spec.ports.1.targetPort", "prometheus", "no port prometheus"],
  ["Service rig-egress/egress-proxy", "spec.clusterIP", "10.43.0.129", "the proxy is at http://10.43.0.129:3128"],
  ["PodDisruptionBudget rig/rig", "spec.selector.matchLabels", { a: "b" }, "selects no pod"],
  ["Ingress rig/rig", "spec.rules.0.http.paths.0.backend.service.name", "app", "no port of a Service"],
  ["Ingress rig/rig", "metadata.annotations", { "cert-manager.io/cluster-issuer": "other" }, "no issuer other"],
  ["NetworkPolicy rig/rig", "spec.podSelector.matchLabels", { app: "rig" }, "selects no pod"],
  ["NetworkPolicy rig/rig", "spec.ingress.0.ports.0.port", "web", "no port web"],
  ["NetworkPolicy rig/rig-db", "spec.ingress.0.from.0.podSelector.matchLabels", { app: "rig" }, "names no pod of rig"],
  [
    "NetworkPolicy rig-egress/egress-proxy",
    "spec.ingress.0.from.0.namespaceSelector.matchLabels",
    { "kubernetes.io/metadata.name": "x" },
    "no namespace x",
  ],
  [DATABASE, "spec.plugins.0.parameters.barmanObjectName", "other", "no ObjectStore other"],
  ["ScheduledBackup rig/rig-db-nightly", "spec.cluster.name", "other", "no such Cluster"],
  ["ObjectStore rig/rig-backups", "spec.configuration.s3Credentials.accessKeyId.key", "ID", "nobody makes ID"],
  ["Kustomization flux-system/apps", "spec.path", "./deploy/apps/single-node", "no folder of ha"],
  ["Kustomization flux-system/apps", "spec.dependsOn.0.name", "other", "depends on other"],
  ["Kustomization flux-system/apps", "spec.healthChecks.0.name", "other", "waits for Cluster other"],
  ["HelmRelease cnpg-system/barman-cloud", "spec.dependsOn.0.name", "other", "depends on other"],
  ["Provider rig/rig", "spec.secretRef.name", "other", "nobody makes the token"],
  ["Provider rig/rig", "spec.address", "http://app.rig.svc.cluster.local/hooks/flux", "is no Service"],
  ["Alert rig/rig", "spec.providerRef.name", "other", "tells nobody"],
  ["ServiceMonitor rig/rig", "spec.endpoints.0.port", "prometheus", "no Service has the port prometheus"],
  ["ServiceMonitor rig/rig", "spec.selector.matchLabels", { a: "b" }, "selects no Service"],
  [CERTIFICATES, "spec.chartRef.name", "other", "comes from nowhere"],
  [RUNNERS, "spec.values.controllerServiceAccount.name", "other", "nobody makes the account"],
])("%s with another %s leads nowhere", (object, path, value, says) => {
  expect(dangling(changed(object, path, value))).toEqual(expect.arrayContaining([expect.stringContaining(says)]));
});

test.each([
  [RIG, "spec.replica", 3, "/spec/replica is no field of it"],
  [RIG, "spec.replicas", "three", "must be integer"],
  [RIG, `${pod}.containers.0.securityContext.readOnlyRootFileSystem`, true, "is no field of it"],
  [RIG, "spec.selector", gone, "must have required property"],
  ["NetworkPolicy rig/rig", "spec.egres", [], "/spec/egres is no field of it"],
  ["Ingress rig/rig", "spec.rules.0.http.paths.0.pathType", gone, "must have required property pathType"],
  ["Kustomization flux-system/apps", "spec.healthCheck", [], "/spec/healthCheck is no field of it"],
  ["Kustomization flux-system/apps", "spec.prune", "yes", "must be boolean"],
  ["OCIRepository rig-runners/runners", "spec.ref.sha", "x", "/spec/ref/sha is no field of it"],
  [RUNNERS, "spec.interval", "hourly", "/spec/interval"],
  [RUNNERS, "spec.chartReference", {}, "chartReference"],
  [DATABASE, "spec.instance", 3, "/spec/instance is no field of it"],
  [DATABASE, "spec.plugins.0.isWalArchiver", true, "isWalArchiver"],
  ["ScheduledBackup rig/rig-db-nightly", "spec.method", "copy", "must be equal to one of the allowed values"],
  ["ObjectStore rig/rig-backups", "spec.retentionPolicy", "a month", "/spec/retentionPolicy"],
  ["ObjectStore rig/rig-backups", "spec.configuration.wall", {}, "wall"],
  ["ServiceMonitor rig/rig", "spec.endpoints.0.ports", "metrics", "/spec/endpoints/0/ports is no field of it"],
  ["PrometheusRule rig/rig", "spec.group", [], "/spec/group is no field of it"],
  ["ClusterIssuer letsencrypt", "spec.acme.solver", {}, "solver"],
  ["ClusterIssuer letsencrypt", "metadata.namespace", "rig", "/metadata/namespace"],
  [RIG, "kind", "Deploymnet", "no model of apps/v1 Deploymnet"],
  [RIG, "apiVersion", "example.org/v1", "nothing here knows the kind"],
])("%s with another %s is not of its schema", async (object, path, value, says) => {
  const found = changed(object, path, value).objects.map(wrongWith);
  const lines = await Promise.all(found).catch((error: unknown) => [[String(error)]]);
  expect(lines.flat()).toEqual(expect.arrayContaining([expect.stringContaining(says)]));
});

/** The cluster with one field of one object changed; with no path, with one more object. */
function changed(object: string, path: string, value: unknown): World {
  const objects = world.objects.map((one) => structuredClone(one));
  const target = objects.find((one) => nameOf(one) === object);
  if (!target) throw new Error(`There is no ${object}.`);
  if (path === "") return worldOf(world.overlay, [...objects, Manifest.parse(value)]);
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const parent = keys.reduce<object>((part, key) => Object(Reflect.get(part, key)), target);
  if (value === undefined) Reflect.deleteProperty(parent, last);
  else Reflect.set(parent, last, value);
  return worldOf(world.overlay, objects);
}
