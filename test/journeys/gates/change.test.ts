/** R11, F28, F29: what a person may try so that a gate does not see a change. Each is a pull request of its own, through the door. */
import { chmod, mkdir, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Clone, type Guarded, openGuarded } from "./guarded.ts";

const files = {
  "README.md": "# Vault\n",
  ".github/CODEOWNERS": "* @maria\n",
  "package.json": '{ "name": "vault", "dependencies": { "left-pad": "1.0.0" } }\n',
  "src/auth/session.ts": "export const session = 1;\n",
  "src/clean.ts": Array.from({ length: 30 }, (_, line) => `export const line${line} = ${line};`).join("\n"),
  "src/query.ts": "export const query = `\n  delete\n  from\n  old_things\n`;\n",
  "tools/run.sh": "#!/bin/sh\necho fine\n",
};

let vault: Guarded;
beforeAll(async () => {
  vault = await openGuarded("vault", files);
}, 180_000);
afterAll(async () => vault?.close(), 60_000);

const write =
  (path: string, text: string | Buffer) =>
  async ({ dir }: Clone) => {
    await mkdir(join(dir, path, ".."), { recursive: true });
    await writeFile(join(dir, path), text);
  };
const both =
  (...changes: readonly ((clone: Clone) => Promise<unknown>)[]) =>
  async (clone: Clone) => {
    for (const change of changes) await change(clone);
  };
const move =
  (from: string, to: string) =>
  async ({ dir }: Clone) => {
    await mkdir(join(dir, to, ".."), { recursive: true });
    await rename(join(dir, from), join(dir, to));
  };
/** A submodule that is not checked out is an empty folder. */
const submodule =
  (path: string) =>
  async ({ dir, git }: Clone) => {
    await mkdir(join(dir, path), { recursive: true });
    await git("update-index", "--add", "--cacheinfo", `160000,${await git("rev-parse", "HEAD")},${path}`);
  };

const DROP = "drop table users;\n";

test.each<[string, string, (clone: Clone) => Promise<unknown>]>([
  ["moves a file out of a guarded folder", "auth", move("src/auth/session.ts", "src/misc/thing.ts")],
  ["moves a file into a guarded folder", "auth", move("src/clean.ts", "src/auth/clean.ts")],
  ["spells a guarded folder in another case", "auth", write("src/AUTH/Session.ts", "export const a = 1;\n")],
  ["spells a guarded folder with full-width letters", "auth", write("src/\uff41\uff55\uff54\uff48/x.ts", "export const a = 1;\n")],
  ["hides a statement behind .gitattributes", "deletion", both(write(".gitattributes", "*.txt -diff binary\n"), write("a.txt", DROP))],
  ["gives a migration another extension", "schema", write("assets/data.dat", "alter table users add column admin boolean;\n")],
  ["splits a statement over lines", "deletion", write("src/split.ts", "export const q = `delete\n\n  from\n  users`;\n")],
  [
    "changes only the last line of a statement",
    "deletion",
    write("src/query.ts", "export const query = `\n  delete\n  from\n  users\n`;\n"),
  ],
  ["joins a statement from pieces", "deletion", write("src/joined.ts", 'export const q = "DELETE " +\n  "FROM users";\n')],
  ["uses a quoted name", "auth", write('src/"auth"\n/x.ts', "export const a = 1;\n")],
  ["adds a symbolic link", "rules", async ({ dir }) => symlink("/etc/passwd", join(dir, "link"))],
  ["adds a submodule", "rules", submodule("vendor/lib")],
  ["hides a statement in a binary file", "schema", write("data.bin", Buffer.concat([Buffer.from([0, 1, 2, 0]), Buffer.from(DROP)]))],
  ["names a binary file as an image", "schema", write("logo.png", Buffer.concat([Buffer.from([0, 1, 2, 0]), Buffer.from(DROP)]))],
  ["hides a statement in a file that is too large", "deletion", write("big.ts", `${"// nothing\n".repeat(60_000)}${DROP}`)],
  [
    "points at the content from elsewhere (LFS)",
    "deletion",
    write("dump.sql.gz", `version https://git-lfs.github.com/spec/v1\noid sha256:${"a".repeat(64)}\nsize 12\n`),
  ],
  [
    "gives a package another name",
    "dependencies",
    write("package.json", '{ "name": "vault", "dependencies": { "left-pad": "npm:evil@1.0.0" } }\n'),
  ],
  [
    "gives a package another source",
    "dependencies",
    write("package.json", '{ "name": "vault", "dependencies": { "left-pad": "git+https://example.com/evil.git" } }\n'),
  ],
  ["makes a manifest unreadable", "dependencies", write("package.json", '{ "name": "vault", "dependencies": { "evil": "1.0.0", } }\n')],
  [
    "puts a package into a lockfile only",
    "dependencies",
    write(
      "package-lock.json",
      JSON.stringify({
        lockfileVersion: 3,
        packages: { "": {}, "node_modules/evil": { version: "1.0.0", resolved: "https://packages.example/evil/-/evil-1.0.0.tgz" } },
      }),
    ),
  ],
  ["changes a workflow", "rules", write(".github/workflows/x.yml", "on: push\njobs: {}\n")],
  ["changes who owns what", "rules", write("docs/CODEOWNERS", "* @jonas\n")],
])(
  "R11: whoever %s meets the %s gate",
  async (_, gate, change) => {
    const proposal = await vault.propose({ change });
    expect(await vault.gates(proposal)).toHaveProperty(gate, "waiting");
    expect(await vault.check(proposal.headSha)).toMatchObject({ conclusion: "action_required" });
  },
  180_000,
);

test("a file that only becomes executable is seen", async () => {
  const proposal = await vault.propose({ change: ({ dir }) => chmod(join(dir, "tools/run.sh"), 0o755) });
  expect((await vault.check(proposal.headSha))?.conclusion).not.toBeNull();
}, 180_000);

test("what touches nothing of the kind is let through at once, and nobody is bothered", async () => {
  const proposal = await vault.propose({ change: write("src/clean.ts", "export const line = 1;\n") });
  expect(await vault.gates(proposal)).toEqual({});
  expect(await vault.check(proposal.headSha)).toMatchObject({ conclusion: "success" });
  const { data } = await vault.as("maria").issues.listComments({ ...vault.place, issue_number: proposal.number });
  expect(data).toEqual([]);
}, 180_000);

test("F28: of more files than GitHub lists every one is read from git, and the one that matters is found", async () => {
  const many = async ({ dir }: Clone) => {
    await mkdir(join(dir, "many"));
    for (let nth = 0; nth < 3_050; nth += 1) await writeFile(join(dir, "many", `f${nth}.txt`), `${nth}\n`);
    await mkdir(join(dir, "zz/auth"), { recursive: true });
    await writeFile(join(dir, "zz/auth/session.ts"), "export const a = 1;\n");
  };
  const proposal = await vault.propose({ change: many });
  expect(await vault.gates(proposal)).toEqual({ auth: "waiting" });
}, 120_000);

test("nobody asked for anything that GitHub or Discord would not take", () => {
  expect(vault.world.violations()).toEqual([]);
});
