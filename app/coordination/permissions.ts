import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { Permissions } from "../observe/repository.ts";

const Manifest = z.object({ default_permissions: z.record(z.string(), z.enum(["read", "write", "admin"])) });

/** What the App asks for, as its manifest says. */
export const requiredPermissions: Permissions = Manifest.parse(
  parse(readFileSync(join(import.meta.dirname, "../../app.yml"), "utf8")),
).default_permissions;
