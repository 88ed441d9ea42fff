/** Writes the JSON Schemas that editors use, from the schemas that the runtime checks with. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { characterSchema } from "./runtime/character.ts";
import { overrideSchema } from "./runtime/override.ts";

for (const [name, schema] of Object.entries({ character: characterSchema(), override: overrideSchema() }))
  await writeFile(path.join(import.meta.dirname, `${name}.schema.json`), `${JSON.stringify(schema, null, 2)}\n`);
