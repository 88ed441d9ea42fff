/** Each object against the schema of its kind: field names, types, required fields. */
import { z } from "zod";
import { isRecord, type Manifest, nameOf } from "./manifest.ts";
import { recorded } from "./recorded.ts";
import { shapes } from "./shapes.ts";

/** Which package has the models of an API group; groups of Kubernetes itself are in the first. */
const packages: readonly (readonly [RegExp, string])[] = [
  [/\.fluxcd\.io\//, "@kubernetes-models/flux-cd"],
  [/^postgresql\.cnpg\.io\//, "@kubernetes-models/cloudnative-pg"],
  [/^monitoring\.coreos\.com\//, "@kubernetes-models/prometheus-operator"],
  [/^v1$|^[a-z]+\/v\d|\.k8s\.io\//, "kubernetes-models"],
];

/** Where the newest model is older than the object: the version it is checked as. `shapes` checks what that one does not know. */
const checkedAs: Readonly<Record<string, string>> = {
  "source.toolkit.fluxcd.io/v1 OCIRepository": "source.toolkit.fluxcd.io/v1beta2",
  "helm.toolkit.fluxcd.io/v2 HelmRelease": "helm.toolkit.fluxcd.io/v2beta2",
};

/** Fields that came after the models were made, each checked by a line in `shapes`. */
const later: Readonly<Record<string, readonly RegExp[]>> = {
  Kustomization: [/^\/spec\/healthCheckExprs /],
  Cluster: [/^\/spec\/plugins\/\d+\/isWALArchiver /],
};

const Model = z.custom<{ readonly prototype: { validate(): void } }>((value) => typeof value === "function");

/** What is wrong with an object, one line each. */
export async function wrongWith(object: Manifest): Promise<readonly string[]> {
  const shape = shapes[object.kind]?.safeParse(object);
  const misshapen = shape?.success === false ? shape.error.issues.map(({ path, message }) => `/${path.join("/")} ${message}`) : [];
  const model = await modelOf(object);
  if (!model && !shape) return [`${nameOf(object)}: nothing here knows the kind ${object.apiVersion} ${object.kind}`];
  return [...misshapen, ...(model ? against(model, asItsModelKnowsIt(object)) : [])]
    .filter((line) => !later[object.kind]?.some((known) => known.test(line)))
    .map((line) => `${nameOf(object)}: ${line}`);
}

async function modelOf({ apiVersion, kind }: Manifest): Promise<z.infer<typeof Model> | undefined> {
  const version = checkedAs[`${apiVersion} ${kind}`] ?? apiVersion;
  const from = packages.find(([groups]) => groups.test(version))?.[1];
  if (!from) return undefined;
  const module: unknown = await import(`${from}/${version}/${kind}`).catch(() => {
    throw new Error(`${from} has no model of ${version} ${kind}.`);
  });
  return Model.parse(isRecord(module) ? module[kind] : Reflect.get(Object(module), kind));
}

function against(model: z.infer<typeof Model>, object: object): readonly string[] {
  const { value, unknown } = recorded(object);
  try {
    model.prototype.validate.call(value);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
  return unknown();
}

/** HelmRelease before v2 knew no `chartRef`: it is checked as one with the chart that this stands for. */
function asItsModelKnowsIt(object: Manifest): object {
  const apiVersion = checkedAs[`${object.apiVersion} ${object.kind}`] ?? object.apiVersion;
  if (object.kind !== "HelmRelease" || !isRecord(object.spec)) return { ...object, apiVersion };
  const { chartRef: _, ...spec } = object.spec;
  return {
    ...object,
    apiVersion,
    spec: { ...spec, chart: { spec: { chart: "any", sourceRef: { kind: "HelmRepository", name: "any" } } } },
  };
}
