import { associationOf } from "../auth/association.ts";
import { blockedByThis } from "../issues/blocking.ts";
import { type Comment, type Issue, type Label, type Reaction, reactionContents } from "../state/issue.ts";
import type { Repository } from "../state/repository.ts";
import type { World } from "../world.ts";
import { showMilestone } from "./milestone.ts";
import { nodeId } from "./node-id.ts";
import { showAppOf, showUser } from "./people.ts";
import { apiOf, htmlOf } from "./repository.ts";

export const showLabel = (world: World, repository: Repository, { id, name, color, description }: Label) => ({
  id,
  node_id: nodeId("Label", id),
  url: `${apiOf(world, repository)}/labels/${encodeURIComponent(name)}`,
  name,
  color,
  default: false,
  description,
});

export function showReactions(url: string, reactions: readonly Reaction[]) {
  const counts = Object.fromEntries(
    reactionContents.map((content) => [content, reactions.filter((one) => one.content === content).length]),
  );
  return { url: `${url}/reactions`, total_count: reactions.length, ...counts };
}

export const showReaction = (world: World, { id, user, content, createdAt }: Reaction) => ({
  id,
  node_id: nodeId("Reaction", id),
  user: showUser(world, user),
  content,
  created_at: createdAt,
});

const openAmong = (issues: readonly Issue[]) => issues.filter(({ state }) => state === "open").length;

function showDependencies(world: World, issue: Issue) {
  const blocking = blockedByThis(world, issue);
  return {
    blocked_by: openAmong(issue.blockedBy),
    total_blocked_by: issue.blockedBy.length,
    blocking: openAmong(blocking),
    total_blocking: blocking.length,
  };
}

/** An issue, or a pull request looked at as one. */
export function showIssue(world: World, repository: Repository, issue: Issue) {
  const url = `${apiOf(world, repository)}/issues/${issue.number}`;
  const html = `${htmlOf(world, repository)}/${issue.pull ? "pull" : "issues"}/${issue.number}`;
  const pullUrl = `${apiOf(world, repository)}/pulls/${issue.number}`;
  const comments = [...repository.comments.values()].filter(({ issueNumber }) => issueNumber === issue.number).length;
  const assignees = issue.assignees.map((user) => showUser(world, user));
  return {
    url,
    repository_url: apiOf(world, repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: html,
    id: issue.id,
    node_id: nodeId("Issue", issue.id),
    number: issue.number,
    title: issue.title,
    user: showUser(world, issue.author.user),
    labels: issue.labels.map((label) => showLabel(world, repository, label)),
    state: issue.state,
    state_reason: issue.stateReason,
    locked: issue.locked,
    active_lock_reason: issue.lockReason ?? null,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: issue.milestone ? showMilestone(world, repository, issue.milestone) : null,
    comments,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    author_association: associationOf(repository, issue.author.user),
    body: issue.body,
    reactions: showReactions(url, issue.reactions),
    performed_via_github_app: showAppOf(world, issue.author.app),
    ...(issue.pull
      ? {
          draft: issue.pull.draft,
          pull_request: {
            url: pullUrl,
            html_url: html,
            diff_url: `${html}.diff`,
            patch_url: `${html}.patch`,
            merged_at: issue.pull.mergedAt ?? null,
          },
        }
      : { issue_dependencies_summary: showDependencies(world, issue) }),
  };
}

/** One issue looked at alone also says who closed it. */
export const showIssueAlone = (world: World, repository: Repository, issue: Issue) => ({
  ...showIssue(world, repository, issue),
  closed_by: issue.closedBy ? showUser(world, issue.closedBy) : null,
});

export function showComment(world: World, repository: Repository, comment: Comment) {
  const { id, issueNumber, author } = comment;
  const url = `${apiOf(world, repository)}/issues/comments/${id}`;
  const page = repository.issues.get(issueNumber)?.pull ? "pull" : "issues";
  return {
    url,
    html_url: `${htmlOf(world, repository)}/${page}/${issueNumber}#issuecomment-${id}`,
    issue_url: `${apiOf(world, repository)}/issues/${issueNumber}`,
    id,
    node_id: nodeId("IssueComment", id),
    user: showUser(world, author.user),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: associationOf(repository, author.user),
    body: comment.body,
    reactions: showReactions(url, comment.reactions),
    performed_via_github_app: showAppOf(world, author.app),
  };
}
