import { beforeAll, expect, test } from "@jest/globals";
import type { Manifest } from "./manifest.ts";
import { unsetImages } from "./policies/images.ts";
import { policies } from "./policies.ts";
import { dangling } from "./references.ts";
import { layers, overlays, render } from "./render.ts";
import { wrongWith } from "./schemas.ts";
import { renderOverlay, type World, worldOf } from "./world.ts";

let worlds: readonly World[];
beforeAll(async () => {
  worlds = await Promise.all(
    overlays.map(async (overlay) => {
      const rendered = await renderOverlay(overlay);
      expect(layers.filter((layer) => rendered[layer].length === 0)).toEqual([]);
      return worldOf(overlay, Object.values(rendered).flat());
    }),
  );
});

test.each(overlays)("%s: every object is of its schema", async (overlay) => {
  const wrong = await Promise.all(objectsOf(overlay).map(wrongWith));
  expect(wrong.flat()).toEqual([]);
});

test.each(overlays)("%s: every name leads somewhere", (overlay) => {
  expect(dangling(worldFor(overlay))).toEqual([]);
});

test.each(overlays.flatMap((overlay) => Object.keys(policies).map((policy) => [overlay, policy] as const)))("%s: %s", (overlay, policy) => {
  expect(policies[policy]?.(worldFor(overlay))).toEqual([]);
});

test("the only digest still to be written is that of the Rig's own image", () => {
  expect(worlds.map(unsetImages)).toEqual(
    overlays.map(() => [expect.stringMatching(/^ghcr\.io\/engineering-rig\/engineering-rig@sha256:/)]),
  );
});

test("nothing is applied twice", () => {
  for (const { objects } of worlds) {
    const names = objects.map(({ apiVersion, kind, metadata }) => [apiVersion, kind, metadata.namespace, metadata.name].join(" "));
    expect(names.filter((name, n) => names.indexOf(name) !== n)).toEqual([]);
  }
});

test("both clusters are put together the same way", () => {
  const of = (overlay: string) => JSON.stringify(objectsOf(overlay).filter(({ apiVersion }) => apiVersion.startsWith("kustomize.toolkit")));
  expect(of("ha")).toBe(of("single-node").replaceAll("/single-node", "/ha"));
});

test("a folder that cannot be rendered is named, with the reason", async () => {
  await expect(render("deploy/nowhere")).rejects.toThrow("deploy/nowhere");
});

test("a machine without kubectl is told to install it", async () => {
  const path = process.env.PATH;
  process.env.PATH = "/nowhere";
  try {
    await expect(render("deploy/apps/ha")).rejects.toThrow("kubectl is not installed");
  } finally {
    process.env.PATH = path;
  }
});

const worldFor = (overlay: string): World => {
  const world = worlds.find((one) => one.overlay === overlay);
  if (!world) throw new Error(`${overlay} was not rendered.`);
  return world;
};
const objectsOf = (overlay: string): readonly Manifest[] => worldFor(overlay).objects;
