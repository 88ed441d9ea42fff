/** Writes character.schema.json from the schema the runtime checks with. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { characterSchema } from "./runtime/character.ts";

await writeFile(path.join(import.meta.dirname, "character.schema.json"), `${JSON.stringify(characterSchema(), null, 2)}\n`);
