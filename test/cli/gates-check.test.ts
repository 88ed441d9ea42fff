import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { run } from "../../app/cli/program.ts";
import { type Ended, rig } from "./rig.ts";

let folder: string;
let dir: string;

const git = (...args: readonly string[]) =>
  execFileSync("git", ["-c", "user.name=Ann", "-c", "user.email=ann@example.com", ...args], { cwd: dir, encoding: "utf8" }).trim();

/** A commit with these files; answers its name. */
async function commit(files: Readonly<Record<string, string>>): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  git("add", "--all");
  git("commit", "--quiet", "--allow-empty", "--message", "A change.");
  return git("rev-parse", "HEAD");
}

/** A branch of `main` with one commit. */
async function branch(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  git("checkout", "--quiet", "-b", name, "main");
  const sha = await commit(files);
  git("checkout", "--quiet", "main");
  return sha;
}

/** In this process: it needs nothing of its environment, which one test proves in a process of its own. */
async function here(...args: readonly string[]): Promise<Ended> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await run(["gates", "check", ...args], {
    out: (line) => void out.push(`${line}\n`),
    err: (line) => void err.push(`${line}\n`),
  });
  return { code, out: out.join(""), err: err.join("") };
}

const check = (...args: readonly string[]) => here("--repo", dir, ...args);
const raised = (out: string): readonly string[] => JSON.parse(out).raised.map(({ gate }: { readonly gate: string }) => gate);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rig-gates-"));
  dir = join(folder, "shop");
  await mkdir(dir);
  git("init", "--quiet", "--initial-branch=main");
  await commit({ CODEOWNERS: "* @ann\n", "docs/CODEOWNERS": "* @nobody-here\n", "docs/till.md": "# Till\n" });
  await branch("words", { "docs/till.md": "# The till\n" });
  await branch("table", { "db/migrations/0001_tip.sql": "create table tip (\n  id int\n);\n", "docs/till.md": "# Tips\n" });
  await branch("glossary", { "docs/glossary.md": "A word.\n" });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a change that raises no gate asks nothing of anybody", async () => {
  const { code, out, err } = await check("--base", "main", "--head", "words");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(
    /^1 changed file between main \([0-9a-f]{7}\) and words \([0-9a-f]{7}\), judged by the defaults: none of \d gates is raised, and nothing is asked of anybody\.\n$/,
  );
});

test("a raised gate is a finding, told with its evidence and who may approve it by the CODEOWNERS that counts", async () => {
  const { code, out } = await check("--base", "main", "--head", "table");
  expect(code).toBe(1);
  expect(out).toMatch(/\nschema: .*\n {2}db\/migrations\/0001_tip\.sql(:\d+)? {2}\S.*\n {2}May approve: @ann\n/);
  expect(out).not.toContain("nobody-here");
  const json = await check("--base", "main", "--head", "table", "--json");
  expect(json.code).toBe(1);
  expect(JSON.parse(json.out)).toMatchObject({
    base: git("rev-parse", "main"),
    head: git("rev-parse", "table"),
    files: 2,
    complete: true,
    policy: "the defaults",
    raised: [{ gate: "schema", approvers: ["@ann"], evidenceHash: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    obstacles: [],
  });
});

test("what the base has got since does not count as the change's", async () => {
  git("checkout", "--quiet", "-b", "ahead", "main");
  await commit({ "db/migrations/0002_other.sql": "drop table tips;\n" });
  git("checkout", "--quiet", "main");
  expect(await check("--base", "ahead", "--head", "words")).toMatchObject({ code: 0 });
});

test("the base's rig.yml is in force and the head's is not; --policy is in place of both", async () => {
  const own = "gates:\n  words:\n    paths: [docs/**]\n    approvers: ['@bob']\n";
  git("checkout", "--quiet", "-b", "strict", "main");
  await commit({ ".github/rig.yml": own });
  git("checkout", "--quiet", "-b", "strict-words", "strict");
  await commit({ "docs/till.md": "# Words\n" });
  git("checkout", "--quiet", "main");
  const strict = await check("--base", "strict", "--head", "strict-words", "--json");
  expect(JSON.parse(strict.out)).toMatchObject({ policy: ".github/rig.yml of strict", raised: [{ gate: "words", approvers: ["@bob"] }] });
  // The head's own rules say nothing about it: the gate over them does.
  expect(raised((await check("--base", "main", "--head", "strict-words", "--json")).out)).toEqual(["rules"]);
  const file = join(folder, "new.yml");
  await writeFile(file, own);
  const tried = await check("--base", "main", "--head", "words", "--policy", file, "--json");
  expect({ code: tried.code, raised: raised(tried.out), policy: JSON.parse(tried.out).policy }).toEqual({
    code: 1,
    raised: ["words"],
    policy: file,
  });
});

test("without CODEOWNERS, or with one that is no file, nobody can open a gate, and that is said", async () => {
  git("checkout", "--quiet", "-b", "ownerless", "main");
  git("rm", "--quiet", "CODEOWNERS", "docs/CODEOWNERS");
  await commit({});
  git("checkout", "--quiet", "-b", "ownerless-table");
  await commit({ "db/migrations/0001_tip.sql": "create table tip (id int);\n" });
  const none = await check("--base", "ownerless", "--head", "ownerless-table");
  expect(none.out).toMatch(/May approve: nobody\n(?:.*\n)*! .*has no CODEOWNERS file/);
  git("checkout", "--quiet", "ownerless");
  await symlink("docs/till.md", join(dir, "CODEOWNERS"));
  await commit({});
  git("checkout", "--quiet", "main");
  const link = await check("--base", "ownerless", "--head", "ownerless-table");
  expect(link.out).toContain("CODEOWNERS is not a file");
});

test("no name or text of a file can command the terminal", async () => {
  await branch("hostile", { "db/migrations/\u001b[31m\u202eevil.sql": "create table t (id int);\n" });
  const { code, out } = await check("--base", "main", "--head", "hostile");
  expect(code).toBe(1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is the promise
  expect(out.replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
});

test("nothing of the clone is run or changed, and nothing of the environment is needed", async () => {
  const ran = join(folder, "ran");
  const hook = join(dir, ".git/hooks/post-checkout");
  await writeFile(hook, `#!/bin/sh\ntouch ${ran}\n`, { mode: 0o755 });
  const before = git("status", "--porcelain");
  git("config", "core.fsmonitor", `touch ${ran}; false`);
  const env = { PORT: "none", DATABASE_URL: "nowhere", APP_ID: "x" };
  const { code } = await rig(env, "gates", "check", "--repo", dir, "--base", "main", "--head", "glossary");
  git("-c", "core.fsmonitor=false", "config", "--unset", "core.fsmonitor");
  await rm(hook);
  expect({ code, ran: existsSync(ran), after: git("status", "--porcelain") }).toEqual({ code: 0, ran: false, after: before });
});

test.each([
  ["no base", [], "--base is missing"],
  ["a base that is not there", ["--base", "nowhere"], "--base nowhere is no commit"],
  ["a base that is an option of git", ["--base", "--all"], "--base --all is no commit"],
  ["a head that is not there", ["--base", "main", "--head", "f".repeat(40)], `--head ${"f".repeat(40)} is no commit`],
  ["a policy that is not there", ["--base", "main", "--policy", "/nowhere/rig.yml"], "/nowhere/rig.yml is not there"],
])("%s is a question of usage", async (_, args, sentence) => {
  const { code, out, err } = await check(...args);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain(sentence);
});

test("a folder that is no clone, histories that never met, and a rig.yml that is not valid are questions of usage", async () => {
  expect(await here("--repo", folder, "--base", "main")).toMatchObject({
    code: 2,
    err: expect.stringContaining("is no git repository"),
  });
  git("checkout", "--quiet", "--orphan", "stranger");
  await commit({});
  git("checkout", "--quiet", "-b", "broken", "main");
  await commit({ ".github/rig.yml": "gates:\n  auth:\n    pats: [x]\n" });
  git("checkout", "--quiet", "main");
  expect(await check("--base", "main", "--head", "stranger")).toMatchObject({ code: 2, err: expect.stringContaining("no common history") });
  expect(await check("--base", "broken", "--head", "words")).toMatchObject({
    code: 2,
    err: "broken:.github/rig.yml:3:5 gates.auth.pats is not a key of rig.yml\n",
  });
});
