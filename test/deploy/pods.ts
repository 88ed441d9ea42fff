/** Every pod that the files ask for: from the kinds of Kubernetes, and from the templates in charts' values. */
import { z } from "zod";
import { at, isRecord, type Manifest, nameOf } from "./manifest.ts";

const Quantities = z.record(z.string(), z.union([z.string(), z.number()])).optional();
const Container = z.looseObject({
  name: z.string(),
  image: z.string().optional(),
  env: z.array(z.looseObject({ name: z.string(), value: z.string().optional(), valueFrom: z.unknown().optional() })).default([]),
  envFrom: z.array(z.record(z.string(), z.looseObject({ name: z.string() }))).default([]),
  ports: z.array(z.looseObject({ name: z.string().optional(), containerPort: z.number(), hostPort: z.number().optional() })).default([]),
  resources: z.looseObject({ requests: Quantities, limits: Quantities }).default({}),
  securityContext: z.record(z.string(), z.unknown()).default({}),
  volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })).default([]),
});
const PodSpec = z.looseObject({
  automountServiceAccountToken: z.boolean().optional(),
  securityContext: z.record(z.string(), z.unknown()).default({}),
  initContainers: z.array(Container).default([]),
  containers: z.array(Container),
  volumes: z.array(z.looseObject({ name: z.string() })).default([]),
});

export type Container = z.infer<typeof Container>;

export interface Pod {
  /** What asks for it. */
  readonly where: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: z.infer<typeof PodSpec>;
  readonly containers: readonly Container[];
  /** `chart`: its chart adds to it, such as the image. */
  readonly completed: "here" | "chart";
}

const templates: Readonly<Record<string, string>> = {
  Deployment: "spec.template",
  StatefulSet: "spec.template",
  DaemonSet: "spec.template",
  Job: "spec.template",
  CronJob: "spec.jobTemplate.spec.template",
};

export function podsOf(object: Manifest): readonly Pod[] {
  const namespace = object.metadata.namespace ?? "default";
  if (object.kind === "Pod") return [pod(nameOf(object), namespace, object, "here")];
  const path = templates[object.kind];
  if (path !== undefined) return [pod(nameOf(object), namespace, at(object, path), "here")];
  if (object.kind !== "HelmRelease") return [];
  const listener = at(object, "spec.values.listenerTemplate");
  const runner = at(object, "spec.values.template");
  return [
    ...(isRecord(runner) ? [pod(nameOf(object), namespace, runner, "here")] : []),
    // The controller makes it in its own namespace, of its own image.
    ...(isRecord(listener) ? [pod(`${nameOf(object)}'s listener`, "arc-systems", listener, "chart")] : []),
  ];
}

function pod(where: string, namespace: string, template: unknown, completed: Pod["completed"]): Pod {
  const spec = PodSpec.parse(at(template, "spec"));
  const labels = z.record(z.string(), z.string()).parse(at(template, "metadata.labels") ?? {});
  return { where, namespace, labels, spec, containers: [...spec.initContainers, ...spec.containers], completed };
}
