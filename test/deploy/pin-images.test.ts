import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { x } from "tinyexec";
import { pinned } from "./policies/images.ts";
import { overlays } from "./render.ts";
import { renderOverlay, worldOf } from "./world.ts";

const folder = mkdtempSync(join(tmpdir(), "rig-pins-"));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() => {
  // A registry in which every tag names something new.
  writeFileSync(join(folder, "crane"), '#!/bin/sh\necho "sha256:new"\n');
  chmodSync(join(folder, "crane"), 0o755);
});

const pinImages = (path: string) => x("deploy/pin-images", [], { nodeOptions: { env: { PATH: path } } });

test("every digest that the cluster and the image use is asked for", async () => {
  const { stdout, exitCode } = await pinImages(`${folder}:${process.env.PATH}`);
  const asked = [...stdout.matchAll(/^MOVED {2}\S+:\S+ is sha256:new, not (sha256:[0-9a-f]{64})$/gm)].map(([, digest]) => digest);
  const worlds = await Promise.all(overlays.map(async (overlay) => worldOf(overlay, Object.values(await renderOverlay(overlay)).flat())));
  const used = [readFileSync("deploy/Dockerfile", "utf8"), ...worlds.flatMap(pinned)].flatMap(
    (text) => text.match(/sha256:(?!0{64})[0-9a-f]{64}/g) ?? [],
  );
  expect([...new Set(asked)].toSorted()).toEqual([...new Set(used)].toSorted());
  expect(exitCode).toBe(1);
});

test("without crane it says what is missing", async () => {
  rmSync(join(folder, "crane"));
  expect(await pinImages(`${folder}:/usr/bin:/bin`)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("crane is not installed"),
  });
});
