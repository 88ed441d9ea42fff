/** What GitHub says when it does not merge, in words that the stand-in has no reason to say; recorded answers, given by nock. */
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import nock from "nock";
import { PrNumber, Sha } from "../../app/domain/ids.ts";
import { readingOf } from "../../app/executors/merge/refusal.ts";
import { merge } from "../../app/executors/merge.ts";
import { hands } from "./hands.ts";

const head = Sha.parse("a".repeat(40));
const mergeSha = "e".repeat(40);
const pull = { prNumber: PrNumber.parse(7), headSha: head, method: "squash" as const };
const path = "/repos/acme/shop/pulls/7";
const github = () => nock("https://api.github.com");

beforeAll(() => nock.disableNetConnect());
// nock holds the whole process, which other test files share.
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});

const shows = (more: object = {}) =>
  github()
    .get(path)
    .reply(200, { state: "open", merged_at: null, draft: false, mergeable: true, head: { sha: head }, base: { ref: "main" }, ...more });

/** An open pull request of that head, into a branch without a queue. */
function ready(): void {
  shows();
  github().get("/repos/acme/shop/rules/branches/main").query({ per_page: 100 }).reply(200, []);
}

test.each([
  [405, 'Repository rule violations found\n\nRequired status check "draft" is expected.\n\n', "rules"],
  [405, "Repository rule violations found\n\nHead branch was modified is expected", "rules"],
  [405, "2 of 2 required status checks are expected.", "rules"],
  [405, "Protected branch hook declined", "rules"],
  [405, "You're not authorized to push to this branch.", "rules"],
  [405, "Something that GitHub says since yesterday", "rules"],
  [405, "Base branch was modified. Review and try the merge again.", "base_moved"],
  [405, "Merge commits are not allowed on this repository.", "method"],
  [405, "Rebase merges are not allowed on this repository.", "method"],
  [405, "This branch can't be rebased", "conflict"],
  [405, "Merge conflict: the pull request could not be merged.", "conflict"],
  [405, "Pull Request is still a draft", "draft"],
  [405, "Pull Request is not mergeable", "ask"],
  [405, "Merge already in progress", "busy"],
  [409, "Head branch was modified. Review and try the merge again.", "head_moved"],
  [409, "Something else", "head_moved"],
  [422, 'Required status check "ci" is failing.', "rules"],
  [422, "Validation Failed\nNo commits between main and topic", "invalid"],
  [404, "Not Found", "gone"],
  [403, "Resource not accessible by integration", "forbidden"],
])("%i %j is %s", (status, message, reading) => {
  expect(readingOf({ status, message })).toBe(reading);
});

test("a refusal is kept in one line, with GitHub's details and without its links", async () => {
  ready();
  github()
    .put(`${path}/merge`, { sha: head, merge_method: "squash" })
    .reply(422, { message: "Validation Failed", errors: ["Commit title is too long"], documentation_url: "https://docs.github.com/rest" });
  expect(await merge(pull, hands())).toEqual({
    response: {
      outcome: "refused",
      kind: "invalid",
      because: "Validation Failed: Commit title is too long",
      refused: "Validation Failed: Commit title is too long",
    },
  });
});

test.each([
  ["it was merged", { merged_at: "2026-11-22T09:00:01Z", merge_commit_sha: mergeSha }, { outcome: "merged", mergeSha }],
  ["it was closed", { state: "closed" }, { kind: "gone" }],
  ["another head", { head: { sha: "b".repeat(40) } }, { kind: "head_moved" }],
  ["a conflict", { mergeable: false }, { kind: "conflict" }],
  ["a draft", { draft: true }, { kind: "draft" }],
  ["nothing that explains it", { mergeable: null }, { kind: "rules" }],
])("what is not mergeable is looked at again: %s", async (_, more, response) => {
  ready();
  github().put(`${path}/merge`).reply(405, { message: "Pull Request is not mergeable" });
  shows(more);
  expect(await merge(pull, hands())).toMatchObject({ response });
});

test("while somebody else merges it, nobody knows yet", async () => {
  ready();
  github().put(`${path}/merge`).reply(405, { message: "Merge already in progress" });
  await expect(merge(pull, hands())).rejects.toMatchObject({ status: 504, retryMs: 2_000 });
});

test.each([500, 502, 503])("a %i says nothing: it is thrown, so that it is looked up next time", async (status) => {
  ready();
  github().put(`${path}/merge`).reply(status, "");
  await expect(merge(pull, hands())).rejects.toMatchObject({ status });
});

const inBackground = { message: "Stacked pull requests must be merged asynchronously." };
const others = (found: readonly object[]) =>
  github().get("/repos/acme/shop/pulls").query({ head: "acme:main", state: "open", per_page: 1 }).reply(200, found);

test("where GitHub merges only in the background it is asked to, and believed when the pull request shows it", async () => {
  ready();
  github().put(`${path}/merge`).reply(405, inBackground);
  others([]);
  github()
    .put(`${path}/merge-async`, { sha: head, merge_method: "squash", merge_action: "direct_merge" })
    .reply(200, { status: "merged", details: { message: "Pull request is already merged.", sha: "f".repeat(40) } });
  shows({ merged_at: "2026-11-22T09:00:01Z", merge_commit_sha: mergeSha });
  expect(await merge(pull, hands())).toEqual({ response: { outcome: "merged", mergeSha } });
});

test("R15: `merged_at` is the only proof of a merge", async () => {
  shows();
  github()
    .get("/repos/acme/shop/rules/branches/main")
    .query({ per_page: 100 })
    .reply(200, [{ type: "merge_queue", parameters: { merge_method: "MERGE" } }]);
  github()
    .put(`${path}/merge-async`, { sha: head, merge_method: "merge", merge_action: "merge_queue" })
    .reply(200, { status: "merged", details: { message: "Pull request is already merged.", sha: "f".repeat(40) } });
  shows();
  await expect(merge(pull, hands())).rejects.toMatchObject({ status: 504 });
});

test("a pull request that stands on another open one is not merged with it unseen", async () => {
  ready();
  github().put(`${path}/merge`).reply(405, inBackground);
  others([{ number: 6 }]);
  expect(await merge(pull, hands())).toMatchObject({
    response: { kind: "rules", because: expect.stringContaining("another open pull request") },
  });
});

test("a GitHub that cannot merge in the background leaves it to a person", async () => {
  ready();
  github().put(`${path}/merge`).reply(405, { message: "Repository rule violations found\n\nChanges must be made through the merge queue" });
  github().put(`${path}/merge-async`).reply(404, { message: "Not Found" });
  expect(await merge(pull, hands())).toMatchObject({ response: { kind: "invalid", because: expect.stringContaining("a person has to") } });
});
