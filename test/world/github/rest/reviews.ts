import { atLeast, roleOf } from "../auth/authorize.ts";
import { type Identity, loginOf } from "../auth/identity.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import { record } from "../issues/acts.ts";
import { announceIssue } from "../issues/issue.ts";
import { createReview, dismiss, submit } from "../pulls/review.ts";
import { showUser } from "../shapes/people.ts";
import { type PullIssue, showPull } from "../shapes/pull.ts";
import { showReview, showReviewComment } from "../shapes/review.ts";
import type { Review } from "../state/pull.ts";
import { nextId, nowIso } from "../world.ts";
import { created, type Endpoint, ok, onRepository } from "./endpoint.ts";
import { findCommit, findPull } from "./find.ts";
import { listed } from "./pages.ts";
import { acceptable } from "./text.ts";
import { unsupported } from "./unsupported.ts";

const reads = { app: { pull_requests: "read" }, person: "read" } as const;
const writes = { app: { pull_requests: "write" }, person: "read" } as const;

function findReview(issue: PullIssue, id: number): Review {
  const review = issue.pull.reviews.find((one) => one.id === id);
  if (!review) throw notFound();
  return review;
}

/** A review that is not submitted yet is its author's alone. */
const visibleTo = (issue: PullIssue, identity: Identity) =>
  issue.pull.reviews.filter(({ state, author: { user } }) => state !== "PENDING" || user.login === loginOf(identity));

export const reviewEndpoints: readonly Endpoint[] = [
  onRepository("pulls/list-reviews", reads, (call) => {
    const { world, repository } = call;
    const issue = findPull(repository, call.params.pull_number);
    return listed(call, visibleTo(issue, call.identity), (review) => showReview(world, repository, issue, review));
  }),
  onRepository("pulls/get-review", reads, ({ world, repository, params }) => {
    const issue = findPull(repository, params.pull_number);
    return ok(showReview(world, repository, issue, findReview(issue, params.review_id)));
  }),
  onRepository("pulls/create-review", writes, async ({ world, repository, author, params, body }) => {
    const issue = findPull(repository, params.pull_number);
    const wish = body ?? {};
    const commitSha = wish.commit_id ? await findCommit(repository, wish.commit_id) : issue.pull.headSha;
    const review = await createReview(world, repository, issue, author(), {
      ...(wish.event ? { event: wish.event } : {}),
      body: acceptable("PullRequestReview", wish.body ?? "", true),
      commitSha,
      comments: wish.comments ?? [],
    });
    return ok(showReview(world, repository, issue, review));
  }),
  onRepository("pulls/submit-review", writes, ({ world, repository, author, params, body }) => {
    const issue = findPull(repository, params.pull_number);
    const review = findReview(issue, params.review_id);
    if (review.author.user.id !== author().user.id) throw notFound();
    if (review.state !== "PENDING") throw new Refusal(422, "Unprocessable Entity", ["Could not submit review: it has been submitted"]);
    if (body.body !== undefined) review.body = body.body;
    submit(world, repository, issue, review, body.event);
    return ok(showReview(world, repository, issue, review));
  }),
  onRepository("pulls/dismiss-review", { ...writes, person: "write" }, ({ world, repository, author, params, body }) => {
    const issue = findPull(repository, params.pull_number);
    const review = findReview(issue, params.review_id);
    dismiss(world, repository, issue, review, author(), body.message);
    return ok(showReview(world, repository, issue, review));
  }),
  onRepository("pulls/list-review-comments", reads, (call) => {
    const { world, repository } = call;
    const issue = findPull(repository, call.params.pull_number);
    const pending = new Set(issue.pull.reviews.filter(({ state }) => state === "PENDING").map(({ id }) => id));
    const comments = issue.pull.reviewComments.filter(({ reviewId }) => !pending.has(reviewId));
    return listed(call, comments, (comment) => showReviewComment(world, repository, issue, comment));
  }),
  onRepository("pulls/list-comments-for-review", reads, (call) => {
    const { world, repository } = call;
    const issue = findPull(repository, call.params.pull_number);
    const { id } = findReview(issue, call.params.review_id);
    return listed(
      call,
      issue.pull.reviewComments.filter(({ reviewId }) => reviewId === id),
      (comment) => showReviewComment(world, repository, issue, comment),
    );
  }),
  onRepository("pulls/create-reply-for-review-comment", writes, ({ world, repository, author, params, body }) => {
    const issue = findPull(repository, params.pull_number);
    const first = issue.pull.reviewComments.find(({ id }) => id === params.comment_id);
    if (!first) throw notFound();
    const at = nowIso(world);
    const reply = {
      ...first,
      id: nextId(world, "comment"),
      author: author(),
      body: acceptable("PullRequestReviewComment", body.body),
      inReplyTo: first.id,
      createdAt: at,
      updatedAt: at,
    };
    issue.pull.reviewComments.push(reply);
    return created(showReviewComment(world, repository, issue, reply));
  }),
  onRepository("pulls/list-requested-reviewers", reads, ({ world, repository, params }) => {
    const { pull } = findPull(repository, params.pull_number);
    return ok({ users: pull.requestedReviewers.map((user) => showUser(world, user)), teams: [] });
  }),
  onRepository("pulls/request-reviewers", { ...writes, person: "triage" }, async ({ world, repository, author, params, body }) => {
    unsupported(body, "team_reviewers");
    const issue = findPull(repository, params.pull_number);
    const by = author();
    const wanted = (body?.reviewers ?? []).map((login) => world.users.get(login.toLowerCase()));
    if (wanted.some((user) => user?.id === issue.author.user.id))
      throw new Refusal(422, "Review cannot be requested from pull request author.");
    if (wanted.some((user) => !user || !(repository.collaborators.has(user.id) || atLeast(roleOf(repository, user), "write")))) {
      throw new Refusal(
        422,
        "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of this repository.",
      );
    }
    for (const user of wanted) {
      if (!user || issue.pull.requestedReviewers.includes(user)) continue;
      issue.pull.requestedReviewers.push(user);
      record(world, issue, "review_requested", by, { requested: user });
      await announceIssue(world, repository, issue, "review_requested", by, { requested_reviewer: showUser(world, user) });
    }
    return created(showPull(world, repository, issue));
  }),
  onRepository("pulls/remove-requested-reviewers", { ...writes, person: "triage" }, async ({ world, repository, author, params, body }) => {
    const issue = findPull(repository, params.pull_number);
    for (const login of body.reviewers) {
      const at = issue.pull.requestedReviewers.findIndex((user) => user.login.toLowerCase() === login.toLowerCase());
      const [user] = at < 0 ? [] : issue.pull.requestedReviewers.splice(at, 1);
      if (user)
        await announceIssue(world, repository, issue, "review_request_removed", author(), { requested_reviewer: showUser(world, user) });
    }
    return ok(showPull(world, repository, issue));
  }),
];
