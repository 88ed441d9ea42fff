import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { keep, keepOnly, keptFolder, readKept } from "./kept.ts";
import { type Definition, trim } from "./trim.ts";

const require = createRequire(import.meta.url);
const textOf = (name: string) => readFileSync(join(import.meta.dirname, name), "utf8");

export interface KeyedDefinition extends Definition {
  /** Another one for another description, other operations, or other code to cut it. */
  readonly key: string;
}

/** GitHub's description, cut to what is served here. Cutting its 13 MB takes 0.6 s, so the result is kept. */
export function loadDefinition(operationIds: readonly string[], events: readonly string[]): KeyedDefinition {
  const { version } = require("@octokit/openapi/package.json") as { version: string };
  const ownText = readdirSync(import.meta.dirname)
    .sort()
    .map(textOf);
  const key = createHash("sha256")
    .update(JSON.stringify([version, operationIds, events, ownText]))
    .digest("hex")
    .slice(0, 20);
  const file = join(keptFolder, key, "definition.json");
  const kept = readKept(file);
  if (kept) return { ...(JSON.parse(kept) as Definition), key };
  const description = JSON.parse(readFileSync(require.resolve("@octokit/openapi/generated/api.github.com.json"), "utf8"));
  const definition = trim(description, new Set(operationIds), new Set(events));
  keepOnly(key);
  keep(file, JSON.stringify(definition));
  return { ...definition, key };
}
