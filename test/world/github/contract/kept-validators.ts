import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { OpenAPIValidator } from "openapi-backend";
import type { Json } from "./json.ts";
import { keep, keptFolder, readKept } from "./kept.ts";

type Customizer = NonNullable<ConstructorParameters<typeof OpenAPIValidator>[0]["customizeAjv"]>;
export type Ajv = Parameters<Customizer>[0];
export type Validate = ReturnType<Ajv["compile"]>;

// Ajv is openapi-backend's own: whatever runs the validators must be of the version that wrote them.
const require = createRequire(createRequire(import.meta.url).resolve("openapi-backend"));

/** Ajv as openapi-backend has it. */
export const newAjv = (options: object): Ajv => new (require("ajv").default as new (options: object) => Ajv)(options);

function load(code: string): Validate {
  const module: { exports: { default?: Validate } } = { exports: {} };
  new Function("module", "exports", "require", code)(module, module.exports, require);
  if (!module.exports.default) throw new Error("A kept validator exports nothing: delete node_modules/.cache/github-description.");
  return module.exports.default;
}

/**
 * Compiles schemas as Ajv does, and keeps the code.
 * Compiling what one small story needs takes 2 s; loading the code that was kept takes a tenth of that.
 */
export function keptValidators(key: string, open: () => Ajv): (schema: object) => Validate {
  let ajv: Ajv | undefined;
  return (schema) => {
    const file = join(keptFolder, key, `${createHash("sha256").update(JSON.stringify(schema)).digest("hex").slice(0, 24)}.js`);
    const kept = readKept(file);
    if (kept) return load(kept);
    ajv ??= open();
    const validate = ajv.compile(schema as Json);
    const standalone = require("ajv/dist/standalone").default as (ajv: Ajv, validate: Validate) => string;
    keep(file, standalone(ajv, validate));
    return validate;
  };
}
