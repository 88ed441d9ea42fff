import { lookFor } from "./content/look-for.ts";
import { builders, cascades } from "./deletion/cascades.ts";
import { files } from "./deletion/files.ts";
import { orm } from "./deletion/orm.ts";
import { retention } from "./deletion/retention.ts";
import { safeguardsLost } from "./deletion/safeguards.ts";
import { services } from "./deletion/services.ts";
import { sql } from "./deletion/sql.ts";
import type { Gate } from "./gate.ts";

const deletionsIn = lookFor([...sql, ...builders, ...orm, ...cascades, ...files, ...services, ...retention]);

export const deletion: Gate = {
  name: "deletion",
  why: "Data that is deleted does not come back by reverting a commit.",
  raisedBy: (changes) => {
    const moves = new Map(changes.flatMap((change) => (change.previousPath ? [[change.previousPath, change] as const] : [])));
    return changes.flatMap((change) => {
      const { path, mode, unreadable, media } = change;
      if (media) return [];
      if (unreadable)
        return [
          { path, ...(mode === undefined ? { removed: true as const } : {}), because: `its content could not be read: ${unreadable}` },
        ];
      return [...deletionsIn(change), ...safeguardsLost(change, mode === undefined ? moves.get(path) : undefined)];
    });
  },
};
