/** What Flux would apply, made without a cluster by `kubectl kustomize`. */
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { x } from "tinyexec";
import { parseAllDocuments, stringify } from "yaml";
import { Manifest } from "./manifest.ts";

export const overlays = ["single-node", "ha"] as const;
export type Overlay = (typeof overlays)[number];

/** In the order in which Flux applies them. */
export const layers = ["clusters", "secrets", "infrastructure", "apps"] as const;
export type Layer = (typeof layers)[number];

export const folderOf = (layer: Layer, overlay: Overlay): string => `deploy/${layer}/${overlay}`;

export async function render(folder: string): Promise<readonly Manifest[]> {
  if (existsSync(join(folder, "kustomization.yaml"))) return parse(await kustomize(folder));
  // A folder without one is all its files: so reads Flux.
  const copy = mkdtempSync(join(tmpdir(), "rig-deploy-"));
  try {
    cpSync(folder, copy, { recursive: true });
    writeFileSync(join(copy, "kustomization.yaml"), stringify({ resources: readdirSync(folder).filter((file) => file.endsWith(".yaml")) }));
    return parse(await kustomize(copy));
  } finally {
    rmSync(copy, { recursive: true });
  }
}

async function kustomize(folder: string): Promise<string> {
  let rendered: Awaited<ReturnType<typeof x>>;
  try {
    rendered = await x("kubectl", ["kustomize", folder]);
  } catch (error) {
    throw new Error("kubectl is not installed, and the cluster's files cannot be rendered without it: install kubectl 1.30 or later.", {
      cause: error,
    });
  }
  if (rendered.exitCode !== 0) throw new Error(`kubectl kustomize ${folder} fails: ${rendered.stderr.trim()}`);
  return rendered.stdout;
}

export function parse(text: string): readonly Manifest[] {
  return parseAllDocuments(text).map((document) => {
    const [error] = document.errors;
    if (error) throw error;
    return Manifest.parse(document.toJS());
  });
}
