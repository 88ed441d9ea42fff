import { expect, test } from "@jest/globals";
import { schema } from "../../app/gates/schema.ts";
import { added, deleted, edited } from "../../bench/gates/change.ts";
import { schemaCorpus } from "../../bench/gates/corpus/schema.ts";

const because = (...changes: Parameters<typeof schema.raisedBy>[0]) => schema.raisedBy(changes, {});

test.each(schemaCorpus.map((one) => [one.raises ? "raises it" : "leaves it", one.name, one] as const))(
  "%s: %s",
  (_, __, { changes, raises }) => {
    expect(because(...changes).length > 0).toBe(raises);
  },
);

test("says where and what, without the values of the statement", () => {
  const evidence = because(added("src/a.ts", "const x = 1;\ndb.run(`create user maria with password 'hunter2'`);\n"));
  expect(evidence).toEqual([{ path: "src/a.ts", line: 2, because: `SQL that changes the database's schema ("create user maria")` }]);
});

test("a line of a statement counts for the statement it is in", () => {
  const [base, head] = [
    "db.run(`alter table orders\n  add b int,\n  add c int`);\n",
    "db.run(`alter table orders\n  add b int,\n  add c bigint`);\n",
  ];
  expect(because(edited("src/a.ts", base, head)).map(({ line, removed }) => [line, removed ?? false])).toEqual([
    [3, false],
    [3, true],
  ]);
});

test("what is not read raises it, unless it is a picture", () => {
  const unread = { added: [], unreadable: "too large" };
  expect(because(added("src/a.ts", "", unread))).toEqual([{ path: "src/a.ts", because: "its content could not be read: too large" }]);
  expect(because(added("a.png", "", { ...unread, media: "png" }))).toEqual([]);
});

test("a page of documentation shows statements, and does not raise it until it is one", () => {
  expect(because(added("docs/a.md", "```sql\ndrop table users;\n```\n"))).toEqual([]);
  expect(because(added("docs/a.md", "drop table users;\n"))).toHaveLength(1);
});

test("the name of a migration counts in any case and normal form, and as it goes", () => {
  expect(because(added("db/MIGRATIONS/a\u0308.rb", "a\n"))).toHaveLength(1);
  expect(because(deleted("db/migrations/\u00e4.rb", "a\n"))).toMatchObject([{ removed: true }]);
});

test.each(["create table ", "DROP/*", "alter table a add ", "\t", "'\" ", "].join(", "\\x44"])(
  "a line of a megabyte of %j ends",
  (seed) => {
    const before = process.cpuUsage().user;
    because(added("src/a.ts", seed.repeat(1_000_000 / seed.length)));
    expect((process.cpuUsage().user - before) / 1000).toBeLessThan(10_000);
  },
);
