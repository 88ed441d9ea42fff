import { execFileSync } from "node:child_process";
import { symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { openGitHub } from "../../actions/publish/github.ts";
import { publishPatch } from "../../actions/publish/patch.ts";
import type { RunOutcome } from "../../agents/runtime/outcome.ts";
import type { PublishGrant } from "../../agents/runtime/task.ts";
import { startConductor } from "../agents/support/conductor.ts";
import { makeOrigin, type Origin, sh, temporary, write } from "../agents/support/repository.ts";
import { CAPABILITY, RUN } from "../agents/support/task.ts";
import { identity, runAction } from "./support/action.ts";
import { type GitHub, startGitHub, TOKEN } from "./support/github.ts";
import { grantOf } from "./support/grant.ts";

const branch = "rig/7-greet-1";
const outcome = {
  runId: RUN,
  outcome: "patch" as const,
  title: "Greet",
  summary: "It greets.",
  testsExitCode: 1,
  findings: [],
  ...{ answers: [], revisited: [], lessons: [] },
  usage: { usd: 0.5, tokens: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 }, turns: 3, toolCalls: 4, minutes: 2 },
};

let origin: Origin;
let github: GitHub;
let artifact = "";

beforeAll(async () => {
  origin = makeOrigin({ "a.txt": "alpha\n", ".github/workflows/ci.yml": "on: push\n" });
  github = await startGitHub(origin.root);
});
afterAll(() => github.close());
beforeEach(() => {
  artifact = temporary();
  github.writes.splice(0);
  github.pulls.splice(0);
  github.comments.splice(0);
  github.troubles.splice(0);
  sh(origin.workspace, "checkout", "--quiet", "--force", "-B", branch, origin.head);
  const left = sh(origin.bare, "for-each-ref", "--format=%(refname)", "refs/heads/rig").split("\n");
  for (const ref of left.filter(Boolean)) sh(origin.bare, "update-ref", "-d", ref);
});

/** Commits what the workspace holds and bundles the branch, as a run would leave it. */
function commit(files: Readonly<Record<string, string>> = {}, message = "Greet"): string {
  write(origin.workspace, files);
  sh(origin.workspace, "add", "--all");
  sh(origin.workspace, "commit", "--quiet", "-m", message);
  sh(origin.workspace, "bundle", "create", "--quiet", path.join(artifact, "work.bundle"), `${origin.head}..${branch}`);
  return sh(origin.workspace, "rev-parse", "HEAD");
}

/** A commit in another name. */
function forge(author: string): void {
  commit({ "b.txt": "b" });
  sh(origin.workspace, "commit", "--quiet", "--amend", "--no-edit", `--author=${author}`);
  sh(origin.workspace, "bundle", "create", "--quiet", path.join(artifact, "work.bundle"), `${origin.head}..${branch}`);
}

/** Writes an object git itself would not make. */
const hash = (type: string, bytes: Buffer) =>
  execFileSync("git", ["hash-object", "-w", "--literally", "-t", type, "--stdin"], {
    cwd: origin.workspace,
    input: bytes,
    encoding: "utf8",
  }).trim();

async function publish(more: Partial<PublishGrant> = {}, said: Partial<RunOutcome> = {}): Promise<number> {
  const grant = grantOf({ baseSha: origin.head, ...more });
  process.env.GITHUB_API_URL = `${github.url}/api/v3`;
  const remote = { url: `${github.url}/acme/shop.git`, token: TOKEN };
  return publishPatch({
    grant,
    outcome: { ...outcome, ...said },
    artifact,
    remote,
    github: openGitHub(TOKEN),
    runUrl: "https://github.com/acme/shop/actions/runs/1",
  });
}

const published = () => sh(origin.bare, "for-each-ref", "--format=%(objectname)", `refs/heads/${branch}`);

test("a good change is pushed as it is and becomes a pull request that says what, why and how it was tested", async () => {
  const sha = commit({ "a.txt": "ALPHA\n" });
  expect(await publish()).toBe(12);
  expect(published()).toBe(sha);
  expect(github.writes.map(({ path: place }) => place)).toEqual(["/repos/acme/shop/pulls"]);
  const body = String(github.writes[0]?.body.body);
  expect(body).toMatch(/^Closes #7\n/);
  expect(body).toContain("### What\n\n```text\nIt greets.\n```");
  expect(body).toContain("it **failed** with exit code 1");
  expect(body).not.toContain("### Why");
  expect(body).toContain(
    `- <!-- rig:run ${RUN} --> [Run](https://github.com/acme/shop/actions/runs/1): \`Greet\` · tests **failed** (exit code 1) · 3 turns, 2 minutes, $0.50`,
  );
});

test("why it is so, and how the agent tested beside what the Rig measured, stand in the pull request", async () => {
  commit({ "a.txt": "ALPHA\n" });
  await publish({}, { why: "Smallest.", tested: "I swear.", testsExitCode: 0 });
  const body = String(github.writes[0]?.body.body);
  expect(body).toContain("### Why\n\n```text\nSmallest.\n```");
  expect(body).toContain("after the agent was done: it passed.\n\n```text\nI swear.\n```");
});

test.each<[string, string, () => void]>([
  ["a workflow", "protected-path", () => void commit({ ".github/workflows/ci.yml": "on: issues\n" })],
  [
    "a symbolic link",
    "symlink",
    () => {
      symlinkSync("/etc/passwd", path.join(origin.workspace, "link"));
      commit();
    },
  ],
  ["a token in a file that looks binary", "secret", () => void commit({ "blob.bin": `\0\0ghp_${"a1".repeat(20)}\0` })],
  ["a name with a newline", "protected-path", () => void commit({ "a\nb": "x" })],
  [
    "two commits",
    "base",
    () => {
      commit({ "b.txt": "b" });
      commit({ "c.txt": "c" });
    },
  ],
  [
    "another branch",
    "branch",
    () => {
      commit({ "b.txt": "b" });
      sh(origin.workspace, "branch", "--force", "rig/8-other-1");
      sh(origin.workspace, "bundle", "create", "--quiet", path.join(artifact, "work.bundle"), "rig/8-other-1", `^${origin.head}`);
    },
  ],
  [
    "the granted branch and one more",
    "branch",
    () => {
      commit({ "b.txt": "b" });
      sh(origin.workspace, "branch", "--force", "rig/8-other-1");
      sh(origin.workspace, "bundle", "create", "--quiet", path.join(artifact, "work.bundle"), branch, "rig/8-other-1", `^${origin.head}`);
    },
  ],
  [
    "a commit with a header that no run writes",
    "commit",
    () => {
      const raw = sh(origin.workspace, "cat-file", "commit", commit({ "b.txt": "b" }));
      const signed = hash("commit", Buffer.from(`${raw.replace("\n\n", `\ngpgsig ghp_${"a1".repeat(20)}\n\n`)}\n`));
      sh(origin.workspace, "update-ref", `refs/heads/${branch}`, signed);
      sh(origin.workspace, "bundle", "create", "--quiet", path.join(artifact, "work.bundle"), `${origin.head}..${branch}`);
    },
  ],
  ["a token in the name of who made the commit", "secret", () => void forge(`ghp_${"a1".repeat(20)} <a@b>`)],
  ["no bundle", "bundle", () => undefined],
  ["a bundle that is none", "bundle", () => writeFileSync(path.join(artifact, "work.bundle"), "PK")],
  ["a bundle that is a link", "bundle", () => symlinkSync("/etc/passwd", path.join(artifact, "work.bundle"))],
  [
    "a tree that git itself would not write",
    "bundle",
    () => {
      const blob = Buffer.from(sh(origin.workspace, "rev-parse", "HEAD:a.txt"), "hex");
      const tree = hash("tree", Buffer.concat(["100644 b\0", blob, "100644 a\0", blob].map((part) => Buffer.from(part))));
      sh(
        origin.workspace,
        "update-ref",
        `refs/heads/${branch}`,
        sh(origin.workspace, "commit-tree", tree, "-p", origin.head, "-m", "Greet"),
      );
      sh(origin.workspace, "bundle", "create", "--quiet", path.join(artifact, "work.bundle"), `${origin.head}..${branch}`);
    },
  ],
])("%s is not published, by the rule %s", async (_, rule, arrange) => {
  arrange();
  await expect(publish()).rejects.toMatchObject({ name: "GuardError", rule });
  expect(published()).toBe("");
  expect(github.writes).toEqual([]);
});

test("a rename out of a protected folder is a change to it", async () => {
  sh(origin.workspace, "mv", ".github/workflows/ci.yml", "ci.yml");
  commit();
  await expect(publish()).rejects.toMatchObject({ rule: "protected-path" });
});

test("attributes in the tree do not hide what is added", async () => {
  commit({ "a.txt": `ghp_${"a1".repeat(20)}\n`, "src/.gitattributes": "* -diff binary\n" });
  await expect(publish()).rejects.toMatchObject({ rule: expect.stringMatching(/secret|protected-path/) });
});

test("a branch that moved on GitHub meanwhile is not overwritten", async () => {
  commit({ "b.txt": "b" });
  sh(origin.workspace, "push", "--quiet", "origin", `HEAD:refs/heads/${branch}`);
  const theirs = published();
  sh(origin.workspace, "checkout", "--quiet", "--force", "-B", branch, origin.head);
  commit({ "c.txt": "c" });
  await expect(publish()).rejects.toMatchObject({ rule: "fast-forward" });
  expect(published()).toBe(theirs);
});

test("work on an existing pull request adds to its branch and opens no other", async () => {
  commit({ "b.txt": "b" });
  sh(origin.workspace, "push", "--quiet", "origin", `HEAD:refs/heads/${branch}`);
  const first = published();
  write(origin.workspace, { "c.txt": "c" });
  sh(origin.workspace, "add", "--all");
  sh(origin.workspace, "commit", "--quiet", "-m", "More");
  sh(origin.workspace, "bundle", "create", "--quiet", path.join(artifact, "work.bundle"), `${first}..${branch}`);
  expect(await publish({ baseSha: first, pullRequest: { number: 5, headSha: first } })).toBe(5);
  expect(published()).toBe(sh(origin.workspace, "rev-parse", "HEAD"));
  expect(github.writes).toEqual([]);
});

const lines = (body: unknown) => String(body).match(/^- <!-- rig:run \S+ --> .*$/gm) ?? [];

test("a later run adds its line to the pull request once, and leaves alone what people made of the rest", async () => {
  commit({ "a.txt": "ALPHA\n" });
  await publish();
  const [pull] = github.pulls;
  if (!pull) throw new Error("There is no pull request.");
  pull.body = `A person wrote this.\n${String(pull.body).replace("It greets.", "Edited.")}\nAnd this.`;
  const second = { runId: "0b1f3f0a-52b6-4a53-9d6e-0d9f5c1b7a12", title: "Mend `it`", testsExitCode: 0 };
  await publish({}, second);
  await publish({}, second);
  expect(pull.body).toMatch(/^A person wrote this\.\n[\s\S]*Edited\.[\s\S]*\nAnd this\.$/);
  expect(lines(pull.body)).toEqual([expect.stringContaining(RUN), expect.stringContaining("`Mend 'it'` · tests passed")]);
  expect(github.writes.map(({ method }) => method)).toEqual(["POST", "PATCH"]);
});

test("a list of runs that a person took away stays away, and one that an agent forges is none", async () => {
  commit({ "a.txt": "ALPHA\n" });
  await publish({}, { summary: "<!-- /rig:runs --> <!-- rig:rig:runs -->" });
  const [pull] = github.pulls;
  expect(String(pull?.body).match(/<!-- \/?rig:runs -->/g)).toHaveLength(2);
  if (pull) pull.body = "Mine.";
  await publish({}, { runId: "0b1f3f0a-52b6-4a53-9d6e-0d9f5c1b7a12" });
  expect(pull?.body).toBe("Mine.");
});

const answers = [
  { finding: "c11", did: "changed" as const, why: "Done, @ada." },
  { finding: "r7", did: "disputed" as const, why: "```\n# The issue asks for it. <!-- rig:run x -->" },
];

test("each finding is answered in its thread, what has no thread in one comment, once however often it is tried", async () => {
  commit({ "a.txt": "ALPHA\n" });
  github.troubles.push({ path: "/replies", status: 502, done: true });
  await publish({ findings: ["c11", "r7"] }, { answers });
  await publish({ findings: ["c11", "r7"] }, { answers });
  expect(github.writes.filter(({ path: place }) => /replies|comments/.test(place)).map(({ path: place }) => place)).toEqual([
    "/repos/acme/shop/pulls/12/comments/11/replies",
    "/repos/acme/shop/issues/12/comments",
  ]);
  expect(github.comments.map(({ body }) => body)).toEqual([
    `<!-- rig:run ${RUN} c11 -->\n**Changed.** In the agent's own words:\n\n\`\`\`text\nDone, @ada.\n\`\`\``,
    `<!-- rig:run ${RUN} answers -->\nTo the review as a whole: **Disputed**: the code is left as it is. In the agent's own words:\n\n\`\`\`\`text\n\`\`\`\n# The issue asks for it. <! -- rig:run x -->\n\`\`\`\``,
  ]);
});

test("a mark in a person's comment does not keep an answer from being given", async () => {
  commit({ "a.txt": "ALPHA\n" });
  github.comments.push({ id: 1, on: "line", user: { type: "User" }, body: `<!-- rig:run ${RUN} c11 -->` });
  await publish({ findings: ["c11"] }, { answers: answers.slice(0, 1) });
  expect(github.comments).toHaveLength(2);
});

test("a finding that the run was not asked about is not answered, and nothing is pushed", async () => {
  commit({ "a.txt": "ALPHA\n" });
  await expect(publish({ findings: ["r7"] }, { answers })).rejects.toMatchObject({ name: "GuardError", rule: "answers" });
  expect(published()).toBe("");
  expect(github.writes).toEqual([]);
});

test("a rebase may bring what the default branch already has, workflows too, but not its own edit of one", async () => {
  commit({ "b.txt": "b" });
  sh(origin.workspace, "push", "--quiet", "origin", `HEAD:refs/heads/${branch}`);
  const first = published();
  sh(origin.workspace, "checkout", "--quiet", "-B", "main", origin.head);
  write(origin.workspace, { ".github/workflows/ci.yml": "on: [push, pull_request]\n" });
  sh(origin.workspace, "commit", "--quiet", "-am", "A person changes the workflow");
  sh(origin.workspace, "push", "--quiet", "origin", "main");
  const merge = (edit: Readonly<Record<string, string>>) => {
    sh(origin.workspace, "checkout", "--quiet", "--force", "-B", branch, first);
    sh(origin.workspace, "merge", "--quiet", "--no-commit", "--no-ff", "main");
    write(origin.workspace, edit);
    sh(origin.workspace, "add", "--all");
    sh(origin.workspace, "commit", "--quiet", "-m", "Merge");
    sh(origin.workspace, "bundle", "create", "--quiet", path.join(artifact, "work.bundle"), branch, `^${first}`, "^main");
  };
  const onto = { baseSha: first, pullRequest: { number: 5, headSha: first } };
  merge({ ".github/workflows/ci.yml": "on: issues\n" });
  await expect(publish(onto)).rejects.toMatchObject({ rule: "protected-path" });
  merge({});
  expect(await publish(onto)).toBe(5);
  sh(origin.bare, "update-ref", "refs/heads/main", origin.head);
});

test("a pull request GitHub opened while answering 502 is adopted, not opened twice", async () => {
  commit({ "b.txt": "b" });
  github.troubles.push({ path: "/pulls", status: 502, done: true });
  expect(await publish()).toBe(12);
  expect(github.pulls).toHaveLength(1);
});

test("a push GitHub answers 502 is tried again", async () => {
  const sha = commit({ "b.txt": "b" });
  github.troubles.push({ path: "/git-receive-pack", status: 502, done: false });
  expect(await publish()).toBe(12);
  expect(published()).toBe(sha);
});

test("a wrong token pushes nothing and is not shown", async () => {
  commit({ "b.txt": "b" });
  const remote = { url: `${github.url}/acme/shop.git`, token: "ghs_wrongwrongwrong" };
  const publication = { grant: grantOf({ baseSha: origin.head }), outcome, artifact, remote, github: openGitHub(TOKEN), runUrl: "" };
  const error = await publishPatch(publication).catch((thrown) => thrown);
  expect(String(error)).toMatch(/git ls-remote failed/);
  expect(String(error)).not.toContain("wrongwrong");
});

test("a refusal is told to the Conductor without the secret, and the job says rule and path in one sentence", async () => {
  commit({ "config.ts": `export const key = "${TOKEN}";\n` });
  writeFileSync(path.join(artifact, "outcome.json"), JSON.stringify(outcome));
  const conductor = await startConductor({
    [`/api/runs/${RUN}/publish-token`]: grantOf({ baseSha: origin.head }),
    [`/api/runs/${RUN}/events`]: { result: "accepted" },
  });
  const ran = await runAction("publish", {
    inputs: { run: RUN, conductor: conductor.url, artifact },
    env: { ...identity(conductor.url), GITHUB_SERVER_URL: github.url, GITHUB_API_URL: `${github.url}/api/v3` },
  });
  await conductor.close();
  expect(ran.exitCode).toBe(1);
  expect(ran.log).toContain('::error::Not published, by the rule secret: "config.ts" seems to hold a secret (GitHub token).');
  expect(conductor.heard.at(-1)).toMatchObject({
    bearer: CAPABILITY,
    body: { type: "GUARD_BLOCKED", data: { runId: RUN, rule: "secret" } },
  });
  expect(JSON.stringify(conductor.events())).not.toContain(TOKEN);
});

test.each([
  ["of another run", { ...outcome, runId: "0b1f3f0a-52b6-4a53-9d6e-0d9f5c1b7a12" }],
  ["with another outcome", { ...outcome, outcome: "review" }],
  ["with a field nobody knows", { ...outcome, merge: true }],
])("an artifact %s is refused", async (_, found) => {
  commit({ "b.txt": "b" });
  writeFileSync(path.join(artifact, "outcome.json"), JSON.stringify(found));
  const conductor = await startConductor({
    [`/api/runs/${RUN}/publish-token`]: grantOf({ baseSha: origin.head }),
    [`/api/runs/${RUN}/events`]: { result: "accepted" },
  });
  const ran = await runAction("publish", {
    inputs: { run: RUN, conductor: conductor.url, artifact },
    env: { ...identity(conductor.url), GITHUB_SERVER_URL: github.url },
  });
  await conductor.close();
  expect(ran.exitCode).toBe(1);
  expect(conductor.events()).toMatchObject([{ type: "GUARD_BLOCKED", data: { rule: "artifact" } }]);
});
