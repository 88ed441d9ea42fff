import { releases } from "../charts.ts";
import { at, nameOf, ofKind } from "../manifest.ts";
import type { Policy } from "../policies.ts";
import type { World } from "../world.ts";

const DIGEST = /sha256:[0-9a-f]{64}$/;
const UNSET = `sha256:${"0".repeat(64)}`;
/** Built from this repository: the release writes its digest, so before the first one there is none. */
const OURS = "ghcr.io/engineering-rig/engineering-rig@";

interface Pin {
  readonly where: string;
  readonly pin: string;
}

/** Every image and chart, with what pins it. */
function pins({ objects, pods }: World): readonly Pin[] {
  return [
    ...pods
      .filter(({ completed }) => completed === "here")
      .flatMap(({ where, containers }) => containers.map(({ name, image }) => ({ where: `${where} container ${name}`, pin: image ?? "" }))),
    ...ofKind(objects, "Cluster").map((cluster) => ({ where: nameOf(cluster), pin: String(at(cluster, "spec.imageName")) })),
    ...ofKind(objects, "OCIRepository").map((chart) => ({ where: nameOf(chart), pin: String(at(chart, "spec.ref.digest")) })),
    ...releases(objects).flatMap(({ where, images }) => images.map(({ at: value, pin }) => ({ where: `${where} ${value}`, pin }))),
  ];
}

/** R23: a tag is moved by whoever may push it; what it names today is not what was looked at. */
export const pinnedImages: Policy = (world) => [
  ...pins(world)
    .filter(({ pin }) => !DIGEST.test(pin))
    .map(({ where, pin }) => `${where}: ${pin} is not named by its digest`),
  ...pins(world)
    .filter(({ pin }) => pin.endsWith(UNSET) && !pin.startsWith(OURS))
    .map(({ where, pin }) => `${where}: the digest of ${pin} is unset`),
];

/** Images whose digest is still to be written. */
export const unsetImages = (world: World): readonly string[] => [
  ...new Set(
    pins(world)
      .filter(({ pin }) => pin.endsWith(UNSET))
      .map(({ pin }) => pin),
  ),
];

/** Every reference, as it stands. */
export const pinned = (world: World): readonly string[] => pins(world).map(({ pin }) => pin);
