/** Shapes of kinds, or of newer fields of kinds, for which there is no model. */
import { z } from "zod";

const Name = z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
const Key = z.strictObject({ name: Name, key: z.string() });
const Quantities = z.record(z.string(), z.string());
const Resources = z.strictObject({ requests: Quantities, limits: Quantities });
const Duration = z.string().regex(/^(\d+(s|m|h))+$/);
const Remediation = z.strictObject({ remediation: z.strictObject({ retries: z.number().int() }) });
const Stored = z.strictObject({ compression: z.enum(["gzip", "bzip2", "snappy"]), encryption: z.enum(["AES256", "aws:kms"]) });

const object = (apiVersion: string, spec: z.ZodType, metadata: z.ZodType = z.looseObject({ name: Name })) =>
  z.strictObject({ apiVersion: z.literal(apiVersion), kind: z.string(), metadata, spec });
/** kustomize takes a kind that it does not know for one that lives in a namespace. */
const OfTheCluster = z.looseObject({ name: Name, namespace: z.never("is in no namespace").optional() });

export const shapes: Readonly<Record<string, z.ZodType>> = {
  HelmRelease: object(
    "helm.toolkit.fluxcd.io/v2",
    z.strictObject({
      interval: Duration,
      timeout: Duration,
      dependsOn: z.array(z.strictObject({ name: Name, namespace: Name.optional() })).optional(),
      chartRef: z.strictObject({ kind: z.literal("OCIRepository"), name: Name }),
      install: Remediation,
      upgrade: Remediation,
      values: z.record(z.string(), z.unknown()),
    }),
  ),
  Kustomization: object(
    "kustomize.toolkit.fluxcd.io/v1",
    z.looseObject({
      healthCheckExprs: z.array(z.strictObject({ apiVersion: z.string(), kind: z.string(), current: z.string() })).optional(),
    }),
  ),
  Cluster: object(
    "postgresql.cnpg.io/v1",
    z.looseObject({
      plugins: z.array(
        z.strictObject({ name: z.string(), isWALArchiver: z.boolean(), parameters: z.strictObject({ barmanObjectName: Name }) }),
      ),
    }),
  ),
  ObjectStore: object(
    "barmancloud.cnpg.io/v1",
    z.strictObject({
      retentionPolicy: z.string().regex(/^[1-9]\d*[dwm]$/),
      configuration: z.strictObject({
        destinationPath: z.string().regex(/^s3:\/\/[^/]+\//),
        endpointURL: z.url().optional(),
        s3Credentials: z.strictObject({ accessKeyId: Key, secretAccessKey: Key, region: Key.optional() }),
        wal: Stored,
        data: Stored,
      }),
      instanceSidecarConfiguration: z.strictObject({ resources: Resources }),
    }),
  ),
  ClusterIssuer: object(
    "cert-manager.io/v1",
    z.strictObject({
      acme: z.strictObject({
        server: z.url({ protocol: /^https$/ }),
        email: z.email().optional(),
        privateKeySecretRef: z.strictObject({ name: Name }),
        solvers: z.array(z.strictObject({ http01: z.strictObject({ ingress: z.strictObject({ ingressClassName: Name }) }) })),
      }),
    }),
    OfTheCluster,
  ),
};
