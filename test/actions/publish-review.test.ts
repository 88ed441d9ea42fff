import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openGitHub, persistently } from "../../actions/publish/github.ts";
import { submitReview } from "../../actions/publish/review.ts";
import type { RunOutcome } from "../../agents/runtime/outcome.ts";
import { temporary } from "../agents/support/repository.ts";
import { RUN } from "../agents/support/task.ts";
import { type GitHub, startGitHub, TOKEN } from "./support/github.ts";
import { grantOf } from "./support/grant.ts";

const head = "c".repeat(40);
const grant = grantOf({ baseSha: head, outcome: "review", pullRequest: { number: 5, headSha: head } });
const outcome: RunOutcome = {
  runId: RUN,
  outcome: "review",
  title: "Changes requested",
  summary: "Not yet, @ada.",
  verdict: "request_changes",
  findings: [
    { path: "a.ts", line: 3, text: "Off by one.", severity: "blocking" },
    { path: "b.ts", text: "No test.", severity: "important" },
  ],
  ...{ answers: [], revisited: [], lessons: [] },
  usage: { usd: 0.5, tokens: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 }, turns: 3, toolCalls: 4, minutes: 2 },
};

let github: GitHub;
beforeEach(async () => {
  github = await startGitHub(temporary());
  process.env.GITHUB_API_URL = `${github.url}/api/v3`;
});
afterEach(() => github.close());

const submit = (more: Partial<RunOutcome> = {}) =>
  persistently(() => submitReview(openGitHub(TOKEN), grant, { ...outcome, ...more }, "https://github.com/acme/shop/actions/runs/1"));
const reviews = () => github.writes.filter(({ path }) => path.endsWith("/reviews")).map(({ body }) => body);
const checks = () => github.writes.filter(({ path }) => path.endsWith("/check-runs")).map(({ body }) => body);

test("a verdict becomes a review of exactly the head that was read, findings on their lines, and the check rig/review", async () => {
  expect(await submit()).toBe(5);
  expect(reviews()).toMatchObject([
    {
      event: "REQUEST_CHANGES",
      commit_id: head,
      comments: [{ path: "a.ts", line: 3, side: "RIGHT", body: "**blocking**\n\n```text\nOff by one.\n```" }],
    },
  ]);
  expect(reviews()[0]?.body).toContain("```text\nb.ts\n```\n**important**\n\n```text\nNo test.\n```");
  expect(reviews()[0]?.body).toContain("```text\nNot yet, @ada.\n```");
  expect(checks()).toMatchObject([{ name: "rig/review", head_sha: head, conclusion: "failure", status: "completed", external_id: RUN }]);
});

test("P4: where somebody pushed while it was read, the verdict stands on what was read", async () => {
  const moved = grantOf({ baseSha: head, outcome: "review", pullRequest: { number: 5, headSha: "d".repeat(40) } });
  await persistently(() => submitReview(openGitHub(TOKEN), moved, { ...outcome, verdict: "approve", findings: [] }, "u"));
  expect(reviews()).toMatchObject([{ event: "APPROVE", commit_id: head }]);
  expect(checks()).toMatchObject([{ head_sha: head }]);
});

test("an approval approves and turns the check green", async () => {
  await submit({ verdict: "approve", findings: [] });
  expect(reviews()).toMatchObject([{ event: "APPROVE", commit_id: head, comments: [] }]);
  expect(checks()).toMatchObject([{ conclusion: "success" }]);
});

test("a line the diff does not show moves its finding into the body", async () => {
  github.troubles.push({ path: "/reviews", status: 422, done: false });
  await submit();
  expect(reviews()[1]).toMatchObject({ event: "REQUEST_CHANGES", comments: [] });
  expect(reviews()[1]?.body).toContain("```text\na.ts:3\n```\n**blocking**");
});

test("where GitHub takes no verdict, as on one's own pull request, it is a comment, and the check says the rest", async () => {
  github.troubles.push({ path: "/reviews", status: 422, done: false }, { path: "/reviews", status: 422, done: false });
  await submit();
  expect(reviews().at(-1)).toMatchObject({ event: "COMMENT", comments: [] });
  expect(checks()).toMatchObject([{ conclusion: "failure" }]);
});

test("submitting again changes nothing, not even after a 502 that had worked", async () => {
  github.troubles.push({ path: "/reviews", status: 502, done: true }, { path: "/check-runs", status: 502, done: true });
  await submit();
  await submit();
  expect(reviews()).toHaveLength(1);
  expect(checks()).toHaveLength(1);
});
