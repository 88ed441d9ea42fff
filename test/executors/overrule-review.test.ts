import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import nock from "nock";
import { PrNumber, Sha } from "../../app/domain/ids.ts";
import { overruleReview } from "../../app/executors/overrule-review.ts";
import { hands } from "./hands.ts";

const headSha = Sha.parse("a".repeat(40));
const repo = "/repos/acme/shop";
const github = () => nock("https://api.github.com");
const data = { prNumber: PrNumber.parse(7), headSha, by: "maria" };
const reviewE = { id: 901, login: "review-e[bot]", type: "Bot" };
const no = { user: reviewE, state: "CHANGES_REQUESTED", commit_id: headSha };
const asReviewer = () => ({ ...hands({ key: "e1:OVERRULE_REVIEW" }), identities: { rig: 900, rigAppId: 7, review: 901, reviewAppId: 8 } });

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

const shown = (reviews: readonly object[], checks: readonly object[]) => {
  github().get(`${repo}/pulls/7/reviews`).query(true).reply(200, reviews);
  const wanted = { check_name: "rig/review", app_id: 8, filter: "all", per_page: 100 };
  github().get(`${repo}/commits/${headSha}/check-runs`).query(wanted).reply(200, { total_count: checks.length, check_runs: checks });
};

test("every request for changes that Review-E has standing up to that head is dismissed, nobody else's, and its check says who decided", async () => {
  const reviews = [
    { ...no, id: 1, commit_id: "9".repeat(40) },
    { ...no, id: 2, user: { id: 30, login: "review-e[bot]", type: "User" } },
    { ...no, id: 3, state: "DISMISSED" },
    { ...no, id: 4 },
    { ...no, id: 5, commit_id: "b".repeat(40) },
  ];
  shown(reviews, []);
  for (const id of [1, 4]) github().put(`${repo}/pulls/7/reviews/${id}/dismissals`, { message: "Overruled by maria." }).reply(200, {});
  github()
    .post(
      `${repo}/check-runs`,
      (body) => body.conclusion === "success" && body.head_sha === headSha && body.output.title === "Overruled by maria",
    )
    .reply(201, { id: 77 });
  expect(await overruleReview(data, asReviewer())).toEqual({ response: { dismissed: [1, 4] } });
});

test("R-Q2: done once, it is not done again; another App's check of that name does not count", async () => {
  const ours = { external_id: "overruled:e1:OVERRULE_REVIEW", app: { id: 8 } };
  shown([{ ...no, id: 4, state: "DISMISSED" }], [ours]);
  expect(await overruleReview(data, asReviewer())).toEqual({ response: { dismissed: [] } });
  shown([], [{ ...ours, app: { id: 9 } }]);
  github().post(`${repo}/check-runs`).reply(201, { id: 78 });
  await overruleReview(data, asReviewer());
});
