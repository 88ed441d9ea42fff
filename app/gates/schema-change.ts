import picomatch from "picomatch";
import type { Gate } from "./gate.ts";

const isMigration = picomatch(["**/migrations/**", "**/migrate/**", "**/*.sql", "**/schema.prisma", "**/schema.rb"], {
  dot: true,
  nocase: true,
});
const DDL = /\b(create|alter|drop|truncate)\s+(unique\s+|materialized\s+|temporary\s+|temp\s+)?(table|index|type|schema|view|sequence)\b/i;

export const schemaChange: Gate = {
  name: "schema",
  why: "A database schema change cannot be undone by reverting a commit.",
  raisedBy: (changes) =>
    changes.flatMap(({ path, previousPath, added, removed, readable }) => {
      const migration = [path, previousPath].find((name) => name && isMigration(name));
      if (migration) return [{ path, because: `${migration} is a migration` }];
      if (!readable) return [{ path, because: "its content could not be read" }];
      const line = [...added, ...removed].find((text) => DDL.test(text));
      return line ? [{ path, because: `contains "${line.trim().slice(0, 80)}"` }] : [];
    }),
};
