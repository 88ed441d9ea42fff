/** Names that point at nothing: each check says which. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Manifest } from "./manifest.ts";
import { fluxReferences } from "./references/flux.ts";
import { monitoringReferences } from "./references/monitoring.ts";
import { networkReferences } from "./references/network.ts";
import { podReferences } from "./references/pods.ts";
import { postgresReferences } from "./references/postgres.ts";
import { parse } from "./render.ts";
import type { World } from "./world.ts";

const EXAMPLES = "deploy/secrets/example";

/** The secrets that a person has to make, as their templates name them. */
export const declaredSecrets: readonly Manifest[] = readdirSync(EXAMPLES)
  .filter((file) => file !== "sops.yaml")
  .flatMap((file) => parse(readFileSync(join(EXAMPLES, file), "utf8")));

export const dangling = (world: World): readonly string[] => [
  ...podReferences(world, declaredSecrets),
  ...networkReferences(world),
  ...postgresReferences(world, declaredSecrets),
  ...fluxReferences(world, declaredSecrets, existsSync),
  ...monitoringReferences(world),
];
