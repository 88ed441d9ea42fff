/** What a chart runs, by its URL: which of its values name images and resources. A chart cannot be rendered here. */
import { at, type Manifest, nameOf, ofKind } from "./manifest.ts";

interface Chart {
  /** Values that name an image: their `digest`, or their `tag` with the digest behind it, pins it. */
  readonly images: readonly string[];
  /** Values that hold `resources`. */
  readonly bounded: readonly string[];
}

const charts: Readonly<Record<string, Chart>> = {
  "oci://quay.io/jetstack/charts/cert-manager": {
    images: ["image", "webhook.image", "cainjector.image", "acmesolver.image"],
    bounded: ["resources", "webhook.resources", "cainjector.resources"],
  },
  "oci://ghcr.io/cloudnative-pg/charts/cloudnative-pg": { images: ["image"], bounded: ["resources"] },
  "oci://ghcr.io/cloudnative-pg/charts/plugin-barman-cloud": { images: ["image", "sidecarImage"], bounded: ["resources"] },
  "oci://ghcr.io/actions/actions-runner-controller-charts/gha-runner-scale-set-controller": { images: ["image"], bounded: ["resources"] },
  // Its pods stand in its values as templates (pods.ts).
  "oci://ghcr.io/actions/actions-runner-controller-charts/gha-runner-scale-set": { images: [], bounded: [] },
};

export interface Release {
  readonly where: string;
  readonly url: string;
  readonly images: readonly { readonly at: string; readonly pin: string }[];
  readonly resources: readonly { readonly at: string; readonly limits: unknown; readonly requests: unknown }[];
}

/** Each release with what its chart would run. */
export function releases(objects: readonly Manifest[]): readonly Release[] {
  return ofKind(objects, "HelmRelease").map((release) => {
    const source = ofKind(objects, "OCIRepository").find(
      ({ metadata }) => metadata.name === at(release, "spec.chartRef.name") && metadata.namespace === release.metadata.namespace,
    );
    const url = String(at(source, "spec.url"));
    const chart = charts[url];
    if (!chart) throw new Error(`${nameOf(release)} installs ${url}: say in test/deploy/charts.ts which of its values name images.`);
    const value = (path: string) => at(release, `spec.values.${path}`);
    return {
      where: nameOf(release),
      url,
      images: chart.images.map((path) => ({ at: path, pin: String(at(value(path), "digest") ?? at(value(path), "tag")) })),
      resources: chart.bounded.map((path) => ({ at: path, limits: at(value(path), "limits"), requests: at(value(path), "requests") })),
    };
  });
}
