/** R15, one line a requirement: take the requirement out of the verdict, and its line fails. */
import { expect, test } from "@jest/globals";
import type { SeenPullRequest } from "../../app/domain/seen.ts";
import { settle } from "../../app/rules/index.ts";
import { at, concluded, type History, pr, review, said, scene, seenIssue, seenPr, sha, toReviewed } from "./stage.ts";

const seen = (more: Partial<SeenPullRequest> = {}) => ({ pullRequest: seenPr({ reviews: [review()], ...more }) });

test("a head for which everything holds is merged", () => {
  const { events } = settle(scene({ history: toReviewed, minute: 21, seen: seen() }));
  expect(events).toMatchObject([{ type: "MERGE_REQUESTED", data: { headSha: sha("a") } }]);
  expect(events[0]?.type === "MERGE_REQUESTED" && events[0].data.verdict.every(({ ok, because }) => ok && because.length > 0)).toBe(true);
});

test.each<[string, Partial<SeenPullRequest>, object | undefined]>([
  ["a pull request that does not close the issue", { body: "Rounds half up. Closes #123" }, undefined],
  ["a draft", { draft: true }, undefined],
  ["a conflict", { mergeable: false }, undefined],
  ["mergeability that GitHub has not computed", { mergeable: null }, undefined],
  [
    "a person's standing objection to an older head",
    {
      reviews: [
        review(),
        review({ id: 4, by: "lena", byId: 50, byType: "User", state: "CHANGES_REQUESTED", commitId: sha("9"), canWrite: true }),
      ],
    },
    undefined,
  ],
  ["a change whose files are not all known", { changes: { complete: false, files: [] } }, undefined],
  ["a pull request that was pointed at another branch (F35)", { base: { name: "release", sha: sha("0") } }, undefined],
  ["a head that another pull request has too (R12c)", { siblings: [8] }, undefined],
  ["checks that turned red meanwhile", { checks: { state: "failed", names: ["test"], failed: [] } }, undefined],
  ["merge.auto switched off", {}, { merge: { auto: false } }],
  ["a repository that only observes", {}, { mode: "observe" }],
])("%s is not merged", (_, more, policy) => {
  expect(concluded({ history: toReviewed, minute: 21, seen: seen(more), ...(policy ? { policy } : {}) })).not.toContain("MERGE_REQUESTED");
});

test("R3: a changed text is not merged", () => {
  expect(concluded({ history: toReviewed, minute: 21, seen: { ...seen(), issue: { ...seenIssue, bodyHash: "other" } } })).toEqual([
    "APPROVAL_STALE",
    "ISSUE_UNASSIGNED",
    "MERGE_BLOCKED",
  ]);
});

test("a review of another head does not count", () => {
  const moved: History = [...toReviewed, [21, said("PR_UPDATED", { prNumber: pr, headSha: sha("b"), previousSha: sha("a") })]];
  expect(concluded({ history: moved, minute: 22, seen: seen({ headSha: sha("b") }) })).not.toContain("MERGE_REQUESTED");
});

test("what blocks a merge is said once per change of reasons", () => {
  const draft = seen({ draft: true });
  const blocked = settle(scene({ history: toReviewed, minute: 21, seen: draft }));
  expect(blocked.events).toMatchObject([
    { type: "MERGE_BLOCKED", data: { reasons: ["It is a draft: a person has to mark it as ready for review."] } },
  ]);
  expect(settle({ ...blocked.scene, now: at(22) }).events).toEqual([]);
});

const asked: History = [...toReviewed, [21, said("MERGE_REQUESTED", { prNumber: pr, headSha: sha("a"), verdict: [] })]];
const no = (minute: number) => ({
  key: `k${minute}`,
  kind: "MERGE" as const,
  state: "confirmed" as const,
  data: { headSha: sha("a") },
  response: { refused: "Base branch was modified" },
  settledAt: at(minute),
});

test("GitHub's no is told and not tried again while GitHub shows the head as blocked", () => {
  const first = settle(scene({ history: asked, minute: 22, seen: seen({ mergeableState: "blocked" }), effects: [no(22)] }));
  expect(first.events).toMatchObject([
    { type: "MERGE_BLOCKED", data: { reasons: ["The merge was refused: Base branch was modified. A new head, or a person, helps."] } },
  ]);
  expect(settle({ ...first.scene, now: at(500) })).toMatchObject({ events: [] });
});

test("a head that GitHub shows as clean is tried again after a pause, three times in all", () => {
  const first = settle(scene({ history: asked, minute: 22, seen: seen(), effects: [no(22)] }));
  expect(first.events.map(({ type }) => type)).toEqual(["MERGE_BLOCKED"]);
  expect(first.wakeAt).toEqual(at(22 + 1 / 6));
  expect(settle({ ...first.scene, now: at(23) }).events.map(({ type }) => type)).toEqual(["MERGE_REQUESTED"]);
  expect(settle({ ...first.scene, now: at(500), effects: [no(22), no(23), no(25)] }).events).toEqual([]);
});

test("a merge under way is not asked for twice", () => {
  expect(concluded({ history: asked, minute: 22, seen: seen() })).toEqual([]);
});

const answered = (response: object, minute = 22) => [
  {
    key: "m1",
    kind: "MERGE" as const,
    state: "confirmed" as const,
    data: { prNumber: pr, headSha: sha("a"), method: "squash" },
    response,
    settledAt: at(minute),
  },
];

test("R15: where the base moved, the same head is judged anew and tried again at once", () => {
  const effects = answered({
    outcome: "refused",
    kind: "base_moved",
    refused: "Base branch was modified. Review and try the merge again.",
  });
  expect(concluded({ history: asked, minute: 23, seen: seen({ mergeableState: "unknown" }), effects })).toEqual(["MERGE_REQUESTED"]);
});

test("F37: what a rule refused is not tried again by time", () => {
  const effects = answered({ outcome: "refused", kind: "rules", refused: "Repository rule violations found" });
  const look = { history: asked, minute: 200, seen: seen({ mergeableState: "blocked" }), effects };
  expect(concluded(look)).toEqual(["MERGE_BLOCKED"]);
});

test("what GitHub's merge queue has is waited for, and what it dropped is told", () => {
  const effects = answered({ outcome: "queued" });
  expect(concluded({ history: asked, minute: 60, seen: seen({ queued: true }), effects })).toEqual([]);
  const dropped = settle(scene({ history: asked, minute: 22.8, seen: seen({ mergeableState: "blocked" }), effects }));
  expect(dropped.events).toMatchObject([{ type: "MERGE_BLOCKED", data: { reasons: [expect.stringContaining("merge queue dropped it")] } }]);
});
