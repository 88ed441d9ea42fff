import type { Manifest } from "./manifest.ts";
import { type Pod, podsOf } from "./pods.ts";
import { folderOf, type Layer, layers, type Overlay, render } from "./render.ts";

/** All of a cluster's objects, and the pods they ask for. */
export interface World {
  readonly overlay: Overlay;
  readonly objects: readonly Manifest[];
  readonly pods: readonly Pod[];
}

export const worldOf = (overlay: Overlay, objects: readonly Manifest[]): World => ({ overlay, objects, pods: objects.flatMap(podsOf) });

/** An overlay as Flux would apply it, each layer by itself. */
export async function renderOverlay(overlay: Overlay): Promise<Readonly<Record<Layer, readonly Manifest[]>>> {
  const rendered = await Promise.all(layers.map(async (layer) => [layer, await render(folderOf(layer, overlay))] as const));
  return { clusters: [], secrets: [], infrastructure: [], apps: [], ...Object.fromEntries(rendered) };
}
