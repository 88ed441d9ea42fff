import { lookFor } from "./content/look-for.ts";
import type { Gate } from "./gate.ts";
import { builders } from "./schema/builders.ts";
import { models } from "./schema/models.ts";
import { schemaFile } from "./schema/paths.ts";
import { statements } from "./schema/statements.ts";

const schemaIn = lookFor([...statements, ...builders, ...models]);

export const schema: Gate = {
  name: "schema",
  why: "A change of the database's schema cannot be undone by reverting a commit.",
  raisedBy: (changes) =>
    changes.flatMap((change) => {
      const { path, mode, unreadable, media } = change;
      const gone = mode === undefined ? ({ removed: true } as const) : {};
      const file = schemaFile(change);
      if (file) return [{ path, ...gone, because: file }];
      if (media) return [];
      if (unreadable) return [{ path, ...gone, because: `its content could not be read: ${unreadable}` }];
      return schemaIn(change);
    }),
};
