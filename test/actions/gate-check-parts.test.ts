import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { parse } from "yaml";
import { asked } from "../../actions/gate-check/asked.ts";
import { spokenIn } from "../../actions/gate-check/spoken.ts";
import { Sha } from "../../app/domain/ids.ts";
import { callerInDocs } from "./support/caller.ts";

const head = Sha.parse("ab".repeat(20));
const group = (head_ref: string, action = "checks_requested") => ({ action, merge_group: { head_sha: head, head_ref } });
const comment = (body: string, more: object = {}) => ({
  action: "created",
  issue: { number: 7, pull_request: {} },
  comment: { body, user: { type: "User" } },
  ...more,
});

test.each([
  ["pull_request_target", { pull_request: { number: 7 } }, { number: 7 }],
  ["merge_group", group(`refs/heads/gh-readonly-queue/release/2/pr-12-${"c".repeat(40)}`), { number: 12, group: head }],
  ["issue_comment", comment("/rig recheck"), { number: 7 }],
  ["issue_comment", comment("\n/rig approve abcdef1"), { number: 7 }],
])("%s asks for a judgement", (event, payload, answer) => {
  expect(asked(event, payload)).toEqual(answer);
});

test.each([
  ["a destroyed merge group", "merge_group", group("refs/heads/gh-readonly-queue/main/pr-12-ab", "destroyed")],
  ["an edited comment", "issue_comment", comment("/rig recheck", { action: "edited" })],
  ["a comment on an issue", "issue_comment", comment("/rig recheck", { issue: { number: 7 } })],
  ["a command in a quote", "issue_comment", comment("> /rig recheck")],
  ["another verb", "issue_comment", comment("/rig status")],
  ["a bot", "issue_comment", comment("/rig recheck", { comment: { body: "/rig recheck", user: { type: "Bot" } } })],
])("%s asks for nothing", (_, event, payload) => {
  expect(asked(event, payload)).toHaveProperty("nothing");
});

test.each(["pull_request", "pull_request_review", "push", "workflow_run"])("%s, where a head's own workflow runs, is refused", (event) => {
  expect(() => asked(event, { pull_request: { number: 7 } })).toThrow(`Gates are not judged on ${event}`);
});

test("a merge group that names no pull request is refused", () => {
  expect(() => asked("merge_group", group("refs/heads/main"))).toThrow("names no pull request");
});

type Comment = Parameters<typeof spokenIn>[0];
const at = "2026-11-22T10:00:00Z";
const said = (body: string, more: object = {}) =>
  spokenIn({ id: 1, body, user: { login: "maria", id: 5, type: "User" }, created_at: at, updated_at: at, ...more } as Comment, head);

test("an approval names the head by its beginning, and only the gates it names", () => {
  expect(said(`/rig approve ${head.slice(0, 7)} schema auth`)).toEqual({
    ...{ commentId: 1, by: "maria", byId: 5, at: new Date(at), verdict: "approved" },
    ...{ headSha: head, gates: ["schema", "auth"], reason: "" },
  });
});

test("an approval of another commit is one of another commit, however it goes on", () => {
  expect(said("/rig approve abababc")?.headSha).toBe("abababc".padEnd(40, "0"));
  expect(said(`/rig approve ${"c".repeat(40)}`)?.headSha).toBe("c".repeat(40));
});

test("a rejection takes the whole comment as its reason", () => {
  expect(said("/rig reject it drops\nthe tills")).toMatchObject({ verdict: "rejected", headSha: head, reason: "it drops\nthe tills" });
});

test.each([
  ["edited", "/rig approve abababa", { updated_at: "2026-11-22T10:00:01Z" }],
  ["by a bot", "/rig approve abababa", { user: { login: "rig[bot]", id: 9, type: "Bot" } }],
  ["through an App", "/rig approve abababa", { performed_via_github_app: { id: 1 } }],
  ["without a commit", "/rig approve", {}],
  ["with six digits", "/rig approve ababab", {}],
  ["in code", "```\n/rig approve abababa\n```", {}],
  ["another verb", "/rig recheck", {}],
  ["a rejection without a reason", "/rig reject", {}],
])("what is %s says nothing of the head", (_, body, more) => {
  expect(said(body, more)).toBeUndefined();
});

const workflow = parse(readFileSync(".github/workflows/gate-check.yml", "utf8"));
const caller = parse(callerInDocs());

test("the workflow checks nothing out, runs no script, and is granted as little in the documentation as it asks for", () => {
  const { gates } = workflow.jobs;
  expect(gates.steps).toHaveLength(1);
  expect(gates.steps[0].uses).toMatch(/^engineering-rig\/engineering-rig\/actions\/gate-check@[0-9a-f]{40}$/);
  expect(gates.permissions).toEqual({ checks: "write", contents: "read", issues: "read", "pull-requests": "read" });
  expect(caller.permissions).toEqual({});
  expect(caller.jobs.rig.permissions).toEqual(gates.permissions);
});

test("the caller starts only on events whose workflow a head cannot change", () => {
  expect(Object.keys(caller.on)).toEqual(["pull_request_target", "issue_comment", "merge_group"]);
  expect(caller.on.pull_request_target.types).toEqual([
    ...["opened", "synchronize", "reopened", "edited", "ready_for_review", "converted_to_draft"],
  ]);
});

test("the bundle starts no program but git, and git writes no file of the head", () => {
  const bundle = readFileSync("actions/gate-check/dist/index.js", "utf8");
  const started = [...bundle.matchAll(/\b(?:spawn|spawnSync|exec|execSync|execFile|execFileSync|fork)\("([^"]+)"/g)].map(
    ([, name]) => name,
  );
  expect([...new Set(started)].filter((name) => name !== "git")).toEqual([]);
  expect(bundle).not.toMatch(/"(?:checkout|worktree|checkout-index|read-tree|apply|restore|switch|clone)"/);
  expect(bundle).toContain('"init","--quiet","--bare"');
});
