import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { Permissions } from "../observe/repository.ts";

const Manifest = z.object({ default_permissions: z.record(z.string(), z.enum(["read", "write", "admin"])) });

let manifest: Promise<Permissions> | undefined;

/** Without these the Rig does less, and nothing wrong: a team opens no gate, a queue's commit has no check. A person's account cannot even grant the first. */
const optional: ReadonlySet<string> = new Set(["members", "merge_queues"]);

/** What the App cannot work without, as its manifest asks for it. */
export function requiredPermissions(): Promise<Permissions> {
  manifest ??= readFile(join(import.meta.dirname, "../../app.yml"), "utf8").then((text) =>
    Object.fromEntries(Object.entries(Manifest.parse(parse(text)).default_permissions).filter(([name]) => !optional.has(name))),
  );
  return manifest;
}
