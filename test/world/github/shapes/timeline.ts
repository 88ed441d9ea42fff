import { associationOf } from "../auth/association.ts";
import { readCommit } from "../git/commit.ts";
import { pullCommits } from "../pulls/content.ts";
import type { Act, Issue } from "../state/issue.ts";
import type { Repository } from "../state/repository.ts";
import { repositoryById, type World } from "../world.ts";
import { showGitCommit } from "./commit.ts";
import { showComment, showIssue } from "./issue.ts";
import { nodeId } from "./node-id.ts";
import { showAppOf, showUser } from "./people.ts";
import { apiOf, showRepository } from "./repository.ts";
import { showReview } from "./review.ts";

/** The other issue of a dependency, in brief. */
function showReference(world: World, issue: Issue) {
  const { number, title, state, stateReason } = issue;
  const repository = showRepository(world, repositoryById(world, issue.repositoryId));
  return { number, title, state, state_reason: stateReason, repository, issue_type: null };
}

/** One act as the `events` list shows it. */
export function showAct(world: World, repository: Repository, act: Act) {
  const url = apiOf(world, repository);
  return {
    id: act.id,
    node_id: nodeId("Event", act.id),
    url: `${url}/issues/events/${act.id}`,
    actor: showUser(world, act.by.user),
    event: act.event,
    commit_id: act.commitSha ?? null,
    commit_url: act.commitSha ? `${url}/commits/${act.commitSha}` : null,
    created_at: act.at,
    performed_via_github_app: showAppOf(world, act.by.app),
    ...(act.label ? { label: act.label } : {}),
    ...(act.rename ? { rename: act.rename } : {}),
    ...(act.stateReason !== undefined ? { state_reason: act.stateReason } : {}),
    ...(act.event === "locked" ? { lock_reason: act.lockReason ?? null } : {}),
    ...(act.milestone === undefined ? {} : { milestone: { title: act.milestone } }),
    ...(act.other ? { [act.event.replace(/_(added|removed)$/, "")]: showReference(world, act.other) } : {}),
    ...(act.assignee ? { assignee: showUser(world, act.assignee) } : {}),
    ...(act.requested ? { review_requester: showUser(world, act.by.user), requested_reviewer: showUser(world, act.requested) } : {}),
    ...(act.dismissed
      ? {
          dismissed_review: {
            state: act.dismissed.state.toLowerCase(),
            review_id: act.dismissed.reviewId,
            dismissal_message: act.dismissed.message,
          },
        }
      : {}),
  };
}

function showTimelineAct(world: World, repository: Repository, issue: Issue, act: Act): object | undefined {
  if (act.commentId !== undefined) {
    const comment = repository.comments.get(act.commentId);
    return comment && { event: "commented", actor: showUser(world, comment.author.user), ...showComment(world, repository, comment) };
  }
  if (act.reviewId !== undefined) {
    const review = issue.pull?.reviews.find(({ id }) => id === act.reviewId);
    return review && { event: "reviewed", ...showReview(world, repository, issue, review), state: review.state.toLowerCase() };
  }
  if (act.sourceNumber !== undefined) {
    const source = repository.issues.get(act.sourceNumber);
    const times = { created_at: act.at, updated_at: act.at };
    return (
      source && {
        event: "cross-referenced",
        actor: showUser(world, act.by.user),
        ...times,
        source: { type: "issue", issue: showIssue(world, repository, source) },
      }
    );
  }
  return { ...showAct(world, repository, act), author_association: associationOf(repository, act.by.user) };
}

/** Everything that happened on an issue: comments, reviews and, on a pull request, its commits. */
export async function showTimeline(world: World, repository: Repository, issue: Issue): Promise<object[]> {
  const acts = issue.acts.map((act) => showTimelineAct(world, repository, issue, act)).filter((act) => act !== undefined);
  if (!issue.pull) return acts;
  const commits = await pullCommits(repository, issue.pull);
  const shown = await Promise.all(
    commits.map(async (sha) => ({ event: "committed", ...showGitCommit(world, repository, await readCommit(repository.git, sha)) })),
  );
  return [...shown, ...acts];
}

/** The acts that the `events` list leaves out. */
export const onlyInTimeline = (act: Act) => act.commentId !== undefined || act.reviewId !== undefined || act.sourceNumber !== undefined;
