import { expect, test } from "@jest/globals";
import { raisedGates } from "../../app/gates/index.ts";
import { schemaChange } from "../../app/gates/schema-change.ts";

const change = (path: string, more: object = {}) => [{ path, added: [], removed: [], readable: true, ...more }];

test.each([
  ["a migration", change("db/migrations/0004_tip.sql"), 1],
  ["a migration under another case", change("DB/Migrations/0004_tip.rb"), 1],
  ["a migration moved away", change("notes/old.txt", { previousPath: "db/migrations/0004_tip.sql" }), 1],
  ["DDL hidden in code", change("src/pay.ts", { added: ["  ALTER TABLE tills"] }), 1],
  ["DDL taken out of code", change("src/pay.ts", { removed: ["create unique index on tills (id)"] }), 1],
  ["a file nobody could read", change("data.bin", { readable: false }), 1],
  ["prose about tables", change("docs/layout.md", { added: ["alter the table layout"] }), 0],
  ["ordinary code", change("src/price.ts", { added: ["return Math.round(price)"] }), 0],
])("%s", (_, changes, reasons) => {
  expect(schemaChange.raisedBy(changes)).toHaveLength(reasons);
});

test("F28: a list of files that is not complete raises every gate", () => {
  expect(raisedGates({ complete: false, files: [] }).map(({ gate }) => gate.name)).toEqual(["schema"]);
  expect(raisedGates({ complete: true, files: [] })).toEqual([]);
});
