import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { Permissions } from "../observe/repository.ts";

const Manifest = z.object({ default_permissions: z.record(z.string(), z.enum(["read", "write", "admin"])) });

let manifest: Promise<Permissions> | undefined;

/** What the App asks for, as its manifest says. */
export function requiredPermissions(): Promise<Permissions> {
  manifest ??= readFile(join(import.meta.dirname, "../../app.yml"), "utf8").then((text) => Manifest.parse(parse(text)).default_permissions);
  return manifest;
}
