/** R11: a clone on somebody's machine, with configuration and attributes of its own, shows what really differs. */
import { chmod, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { changesBetween } from "../../app/observe/git-objects.ts";
import { git, gitText } from "../world/github/git/run.ts";
import { withCommits } from "./support/trees.ts";

const start = { "src/a.ts": "one\n", "db/x.sql": "SELECT 1;\n", module: { mode: "160000", content: "1".repeat(40) } };
const end = { "src/a.ts": "two\n", "db/x.sql": "DROP TABLE users;\n", module: { mode: "160000", content: "2".repeat(40) } };

/** Whatever a configuration can do to make a difference look like another, or to run a program. */
async function hostile(gitDir: string): Promise<string> {
  const trace = join(gitDir, "it-ran");
  const program = join(gitDir, "program");
  await writeFile(program, `#!/bin/sh\ntouch ${trace}\n`);
  await chmod(program, 0o755);
  const settings = {
    "diff.external": program,
    "diff.sql.textconv": program,
    "diff.sql.command": program,
    "filter.x.smudge": program,
    "filter.x.clean": program,
    "core.fsmonitor": program,
    "core.hooksPath": gitDir,
    "submodule.module.ignore": "all",
    "diff.ignoreSubmodules": "all",
    "diff.noprefix": "true",
    "diff.renames": "copies",
    "diff.orderFile": "/nonexistent",
    "core.bigFileThreshold": "1",
    "color.ui": "always",
  };
  for (const [name, value] of Object.entries(settings)) await git(gitDir, ["config", name, value]);
  await writeFile(join(gitDir, "info", "attributes"), "*.sql -diff binary diff=sql filter=x\n*.ts -text\n", { flag: "w" }).catch(() => {});
  return trace;
}

test("no attribute, setting or program of a clone has a say", async () => {
  await withCommits([start, end], async (gitDir, [from = "", to = ""]) => {
    const before = await changesBetween(gitDir, from, to);
    await git(gitDir, ["config", "core.attributesFile", join(gitDir, "attributes")]);
    await writeFile(join(gitDir, "attributes"), "* -diff binary diff=sql filter=x\n");
    const trace = await hostile(gitDir);
    expect(await changesBetween(gitDir, from, to)).toEqual(before);
    expect(await readdir(gitDir)).not.toContain(trace.split("/").at(-1));
    expect(before.files).toMatchObject([
      { path: "db/x.sql", added: [{ line: 1, text: "DROP TABLE users;" }], removed: [{ line: 1, text: "SELECT 1;" }] },
      { path: "module", unreadable: "a submodule" },
      { path: "src/a.ts", added: [{ line: 1, text: "two" }], removed: [{ line: 1, text: "one" }] },
    ]);
  });
});

test("an object that stands in for another is not heeded", async () => {
  await withCommits([start, end], async (gitDir, [from = "", to = ""]) => {
    const [bad, good] = await Promise.all([from, to].map(async (sha) => (await gitText(gitDir, ["rev-parse", `${sha}:db/x.sql`])).trim()));
    await git(gitDir, ["replace", good ?? "", bad ?? ""]);
    const { files } = await changesBetween(gitDir, from, to);
    expect(files.find(({ path }) => path === "db/x.sql")?.head).toBe("DROP TABLE users;\n");
  });
});

test("what the base did since is no change of the head", async () => {
  await withCommits([start, { ...start, "late.txt": "x\n" }], async (gitDir, [fork = "", base = ""]) => {
    const tree = (await gitText(gitDir, ["rev-parse", `${fork}^{tree}`])).trim();
    const identity = { GIT_AUTHOR_NAME: "x", GIT_AUTHOR_EMAIL: "x", GIT_COMMITTER_NAME: "x", GIT_COMMITTER_EMAIL: "x" };
    const head = (await gitText(gitDir, ["commit-tree", tree, "-p", fork, "-m", "Nothing"], { env: identity })).trim();
    expect(await changesBetween(gitDir, base, head)).toEqual({ complete: true, files: [] });
  });
});

test("names of branches will do; a name that is none is a person's mistake", async () => {
  await withCommits([start, end], async (gitDir) => {
    expect((await changesBetween(gitDir, "main~1", "main")).files).toHaveLength(3);
    await expect(changesBetween(gitDir, "main", "nowhere")).rejects.toThrow(`${gitDir} has no commit nowhere`);
    await expect(changesBetween(gitDir, "--output=/tmp/x", "main")).rejects.toThrow("has no commit --output");
  });
});

test("commits without a common one are not compared", async () => {
  await withCommits([start, end], async (gitDir, [, to = ""]) => {
    const tree = (await gitText(gitDir, ["rev-parse", `${to}^{tree}`])).trim();
    const identity = { GIT_AUTHOR_NAME: "x", GIT_AUTHOR_EMAIL: "x", GIT_COMMITTER_NAME: "x", GIT_COMMITTER_EMAIL: "x" };
    const orphan = (await gitText(gitDir, ["commit-tree", tree, "-m", "Alone"], { env: identity })).trim();
    expect(await changesBetween(gitDir, to, orphan)).toMatchObject({ complete: false, because: expect.stringContaining("in common") });
  });
});
