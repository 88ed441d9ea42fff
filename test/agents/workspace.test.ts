import { existsSync, symlinkSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@jest/globals";
import { bundle, checkOut, commitAll } from "../../agents/runtime/workspace.ts";
import { makeOrigin, sh, temporary, write } from "./support/repository.ts";
import { taskOf } from "./support/task.ts";

const author = { name: "Dev", email: "dev@users.noreply.github.com" };
const noon = new Date("2026-11-22T12:00:00Z");

async function checkedOut(files: Readonly<Record<string, string>> = { "a.txt": "alpha\n" }, kind: "implement" | "rebase" = "implement") {
  const origin = makeOrigin(files);
  const task = taskOf({ baseSha: origin.head, gateway: "http://127.0.0.1:1", kind });
  const checkout = await checkOut(task, origin.workspace, path.join(temporary(), "ours.git"));
  return { origin, task, checkout, commit: () => commitAll(checkout, "Change\n\nRig-Run: 1\n", author, noon) };
}

test("the workspace is on the task's branch at its base", async () => {
  const { origin, task } = await checkedOut();
  expect(sh(origin.workspace, "rev-parse", "--abbrev-ref", "HEAD")).toBe(task.branch);
  expect(sh(origin.workspace, "rev-parse", "HEAD")).toBe(origin.head);
});

test("a base the checkout does not have is told with what to do", async () => {
  const { workspace } = makeOrigin({ "a.txt": "alpha\n" });
  const task = taskOf({ baseSha: "e".repeat(40), gateway: "http://127.0.0.1:1" });
  await expect(checkOut(task, workspace, path.join(temporary(), "ours.git"))).rejects.toThrow("needs fetch-depth: 0");
});

test("everything changed is one commit: new, changed, deleted; what is ignored stays out", async () => {
  const { origin, checkout, commit } = await checkedOut({ "a.txt": "alpha\n", "b.txt": "beta\n", ".gitignore": "*.log\n" });
  write(origin.workspace, { "a.txt": "ALPHA\n", "c/d.txt": "delta\n", "noise.log": "x" });
  sh(origin.workspace, "rm", "--quiet", "b.txt");
  sh(origin.workspace, "commit", "--quiet", "-am", "The agent's own commit, which does not count");
  const sha = await commit();
  expect(sh(checkout.gitDir, "show", "--format=%an %ae %at %P", "--name-status", String(sha))).toBe(
    `Dev dev@users.noreply.github.com ${noon.getTime() / 1000} ${origin.head}\n\nM\ta.txt\nD\tb.txt\nA\tc/d.txt`,
  );
});

test("nothing changed is no commit", async () => {
  expect(await (await checkedOut()).commit()).toBeUndefined();
});

test("nothing an agent writes into git's configuration or hooks is run", async () => {
  const trap = path.join(temporary(), "trapped");
  const { origin, commit } = await checkedOut();
  const touch = `touch ${trap}; cat`;
  for (const key of [
    "core.fsmonitor",
    "core.pager",
    "core.editor",
    "filter.x.clean",
    "filter.x.process",
    "diff.x.textconv",
    "gpg.program",
    "core.sshCommand",
  ]) {
    sh(origin.workspace, "config", key, touch);
  }
  sh(origin.workspace, "config", "core.hooksPath", path.join(origin.workspace, "hooks"));
  write(origin.workspace, {
    "hooks/pre-commit": `#!/bin/sh\n${touch}\n`,
    "hooks/post-index-change": `#!/bin/sh\n${touch}\n`,
    ".gitattributes": "* filter=x diff=x\n",
  });
  // A repository within, whose own configuration git would ask when it looks for changes in it.
  const inner = path.join(origin.workspace, "inner");
  write(inner, { "x.txt": "x\n" });
  sh(inner, "init", "--quiet");
  sh(inner, "add", "--all");
  sh(inner, "commit", "--quiet", "-m", "Inner");
  sh(inner, "config", "core.fsmonitor", touch);
  await commit();
  write(inner, { "x.txt": "changed\n" });
  await commit();
  expect(existsSync(trap)).toBe(false);
});

test("a folder replaced by a link brings nothing from where it points", async () => {
  const { origin, checkout, commit } = await checkedOut({ "etc/hosts": "none\n" });
  sh(origin.workspace, "rm", "--quiet", "-r", "etc");
  symlinkSync("/etc", path.join(origin.workspace, "etc"));
  const sha = await commit();
  expect(sh(checkout.gitDir, "ls-tree", "-r", String(sha))).toMatch(/^120000 blob \S+\tetc$/);
});

test("the bundle holds that one commit, and whoever has the base can take it", async () => {
  const { origin, task, checkout, commit } = await checkedOut();
  write(origin.workspace, { "a.txt": "ALPHA\n" });
  const sha = await commit();
  const file = path.join(temporary(), "work.bundle");
  await bundle(checkout, file);
  expect(sh(origin.bare, "bundle", "list-heads", file)).toBe(`${sha} refs/heads/${task.branch}`);
  sh(origin.bare, "fetch", "--quiet", file, `refs/heads/${task.branch}`);
  expect(sh(origin.bare, "rev-list", "--count", `${origin.head}..${sha}`)).toBe("1");
});

test("a rebase merges the default branch, leaves the conflicts to the agent, and its commit has both parents", async () => {
  const origin = makeOrigin({ "a.txt": "alpha\n", "b.txt": "beta\n" });
  sh(origin.workspace, "checkout", "--quiet", "-b", "rig/7-greet-1");
  write(origin.workspace, { "a.txt": "theirs\n" });
  sh(origin.workspace, "commit", "--quiet", "-am", "The run's first commit");
  const head = sh(origin.workspace, "rev-parse", "HEAD");
  sh(origin.workspace, "checkout", "--quiet", "main");
  write(origin.workspace, { "a.txt": "main's\n", "b.txt": "BETA\n" });
  sh(origin.workspace, "commit", "--quiet", "-am", "Meanwhile");
  sh(origin.workspace, "push", "--quiet", "origin", "main");
  const main = sh(origin.workspace, "rev-parse", "HEAD");

  const task = taskOf({ baseSha: head, gateway: "http://127.0.0.1:1", kind: "rebase" });
  const checkout = await checkOut(task, origin.workspace, path.join(temporary(), "ours.git"));
  expect(sh(origin.workspace, "diff", "--name-only", "--diff-filter=U")).toBe("a.txt");
  write(origin.workspace, { "a.txt": "both\n" });
  const sha = await commitAll(checkout, "Merge\n", author, noon);
  expect(sh(checkout.gitDir, "show", "--no-patch", "--format=%P", String(sha))).toBe(`${head} ${main}`);
  expect(sh(checkout.gitDir, "show", `${sha}:b.txt`)).toBe("BETA");
  await bundle(checkout, path.join(temporary(), "work.bundle"));
});
