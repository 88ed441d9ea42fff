/** What GitHub shows of reviews: findings with the ids by which they are answered, and whose words ask for something. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { observeReviews } from "../../app/observe/reviews.ts";
import { type SmallWorld, smallWorld, till } from "../world-github/small-world.ts";
import { readerOf } from "./support/trees.ts";

let world: SmallWorld;
let pull: { readonly owner: string; readonly repo: string; readonly pull_number: number };

beforeAll(async () => {
  world = await smallWorld();
  await world.push("change", { "change.txt": "one\ntwo\n" });
  const { data } = await world.bob.rest.pulls.create({ ...till, title: "Change", head: "change", base: "main" });
  pull = { ...till, pull_number: data.number };
});
afterAll(() => world.close());

const remark = { path: "change.txt", line: 2, side: "RIGHT", body: "Not two." };
const latest = async () => (await observeReviews(readerOf(world), pull.pull_number)).at(-1);

test("a request for changes is its words and its remarks, each by its id; an answer below one is no finding", async () => {
  const { data } = await world.ann.rest.pulls.createReview({ ...pull, event: "REQUEST_CHANGES", body: "Not so.", comments: [remark] });
  const { data: comments } = await world.ann.rest.pulls.listCommentsForReview({ ...pull, review_id: data.id });
  const comment_id = comments[0]?.id ?? 0;
  await world.ann.rest.pulls.createReplyForReviewComment({ ...pull, comment_id, body: "I mean it." });
  expect(await latest()).toMatchObject({
    state: "CHANGES_REQUESTED",
    canWrite: true,
    findings: [
      { id: `r${data.id}`, by: "ann", text: "Not so." },
      { id: `c${comment_id}`, by: "ann", path: "change.txt", line: 2, text: "Not two." },
    ],
  });
});

test("remarks on lines ask for something without a verdict too, and a comment's words alone do not", async () => {
  await world.ann.rest.pulls.createReview({ ...pull, event: "COMMENT", body: "By the way:", comments: [remark] });
  expect((await latest())?.findings).toMatchObject([{ id: expect.stringMatching(/^c\d+$/), text: "Not two." }]);
  await world.ann.rest.pulls.createReview({ ...pull, event: "COMMENT", body: "Nice weather." });
  expect(await latest()).toMatchObject({ state: "COMMENTED", findings: [] });
});

test("what a review says for programs is read, and its summary alone is no finding", async () => {
  const note = `<!-- rig:review {"verdict":"request_changes","general":0,"revisited":{"c41":"stands"}} -->`;
  await world.ann.rest.pulls.createReview({ ...pull, event: "REQUEST_CHANGES", body: `${note}\n\nIn short: no.` });
  expect(await latest()).toMatchObject({ findings: [], machine: { abstains: false, revisited: { c41: "stands" } } });
  await world.ann.rest.pulls.createReview({ ...pull, event: "COMMENT", body: "<!-- rig:review {broken} -->" });
  expect(await latest()).not.toHaveProperty("machine");
});
