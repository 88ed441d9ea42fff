import { expect, test } from "@jest/globals";
import { deletion } from "../../app/gates/deletion.ts";
import { added, deleted, edited, renamed } from "../../bench/gates/change.ts";
import { deletionCorpus } from "../../bench/gates/corpus/deletion.ts";

const because = (...changes: Parameters<typeof deletion.raisedBy>[0]) => deletion.raisedBy(changes, {});

test.each(deletionCorpus.map((one) => [one.raises ? "raises it" : "leaves it", one.name, one] as const))(
  "%s: %s",
  (_, __, { changes, raises }) => {
    expect(because(...changes).length > 0).toBe(raises);
  },
);

test("says where and what, without the values of the statement", () => {
  const evidence = because(added("src/a.ts", "const x = 1;\ndb.run(`delete from keys where key = 'hunter2'`);\n"));
  expect(evidence).toEqual([{ path: "src/a.ts", line: 2, because: 'SQL that deletes rows ("delete from keys")' }]);
});

test("what no longer deletes raises it too", () => {
  expect(because(deleted("src/a.py", "session.delete(account)\n"))).toMatchObject([{ line: 1, removed: true }]);
});

test("what is not read raises it, unless it is a sound", () => {
  const unread = { added: [], unreadable: "binary" };
  expect(because(added("a.jar", "", unread))).toEqual([{ path: "a.jar", because: "its content could not be read: binary" }]);
  expect(because(added("a.mp3", "", { ...unread, media: "mp3" }))).toEqual([]);
});

test("a filter of deleted rows may move with its file, and not go", () => {
  const filter = "export const alive = { deletedAt: null };\n";
  expect(because(...renamed("src/a.ts", "src/b.ts", filter))).toEqual([]);
  expect(because(deleted("src/a.ts", filter), added("src/c.ts", filter))).toHaveLength(1);
  expect(because(edited("src/a.ts", filter, "export const alive = {};\n"))).toMatchObject([{ line: 1, removed: true }]);
});

test.each([
  ["rm -rf dist", 0],
  ["rm -rf ./packages/*/dist", 0],
  ['rm -rf "$RUNNER_TEMP"/a', 0],
  ["rm -rf /", 1],
  ["rm -rf *", 1],
  ["rm -fr dist ../data", 1],
  ["rm -r $UNSET/", 1],
  ["rm -rf tmp/../uploads", 1],
])("%s: %i", (command, times) => {
  expect(because(added("ops/a.sh", `${command}\n`))).toHaveLength(times);
});

test("a file with hundreds of reasons gives some of them and counts the rest", () => {
  const evidence = because(added("a.sql", "delete from a;\n".repeat(200)));
  expect(evidence).toHaveLength(31);
  expect(evidence.at(-1)).toEqual({ path: "a.sql", because: "and 170 more like these in this file" });
});

test.each([
  "DELETE FROM ",
  "rm -rf ",
  "x.delete(",
  "find ",
  "aws ",
  "purge_old ",
  "deleted_at ",
  "rm(",
  "fs.remove(",
  "a.b(c).delete ",
  " ",
])("a line of a megabyte of %j ends", (seed) => {
  const before = process.cpuUsage().user;
  because(added("src/a.ts", seed.repeat(1_000_000 / seed.length)));
  expect((process.cpuUsage().user - before) / 1000).toBeLessThan(10_000);
});

test.each([
  ["spaces", " ".repeat(5_000)],
  ["empty lines", "\n".repeat(5_000)],
  ["written line ends", "\\n".repeat(5_000)],
  ["comments", "/* x */".repeat(3_000)],
])("thousands of %s between two words of a statement hide nothing", (_, gap) => {
  expect(deletion.raisedBy([added("src/a.ts", `const q = "delete${gap}from users";\n`)], {})).toHaveLength(1);
});
