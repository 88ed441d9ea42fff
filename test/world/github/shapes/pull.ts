import { associationOf } from "../auth/association.ts";
import { pullCommits, pullFiles } from "../pulls/content.ts";
import { mergeability } from "../pulls/mergeability.ts";
import type { Issue } from "../state/issue.ts";
import type { Pull } from "../state/pull.ts";
import type { Repository } from "../state/repository.ts";
import type { World } from "../world.ts";
import { showLabel } from "./issue.ts";
import { showMilestone } from "./milestone.ts";
import { nodeId } from "./node-id.ts";
import { showUser } from "./people.ts";
import { apiOf, htmlOf, showRepository } from "./repository.ts";

export type PullIssue = Issue & { pull: Pull };

const showEnd = (world: World, repository: Repository, ref: string, sha: string) => ({
  label: `${repository.owner.login}:${ref}`,
  ref,
  sha,
  user: showUser(world, repository.owner),
  repo: showRepository(world, repository),
});

function links(api: string, html: string, number: number, sha: string) {
  const pull = `${api}/pulls/${number}`;
  const issue = `${api}/issues/${number}`;
  const all = {
    self: pull,
    html,
    issue,
    comments: `${issue}/comments`,
    review_comments: `${pull}/comments`,
    review_comment: `${api}/pulls/comments{/number}`,
    commits: `${pull}/commits`,
    statuses: `${api}/statuses/${sha}`,
  };
  return Object.fromEntries(Object.entries(all).map(([name, href]) => [name, { href }]));
}

/** A pull request as lists show it. */
export function showPull(world: World, repository: Repository, issue: PullIssue) {
  const { pull, number } = issue;
  const api = apiOf(world, repository);
  const html = `${htmlOf(world, repository)}/pull/${number}`;
  const assignees = issue.assignees.map((user) => showUser(world, user));
  return {
    url: `${api}/pulls/${number}`,
    id: pull.id,
    node_id: nodeId("PullRequest", pull.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: `${api}/issues/${number}`,
    commits_url: `${api}/pulls/${number}/commits`,
    review_comments_url: `${api}/pulls/${number}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${api}/issues/${number}/comments`,
    statuses_url: `${api}/statuses/${pull.headSha}`,
    number,
    state: issue.state,
    locked: issue.locked,
    active_lock_reason: issue.lockReason ?? null,
    title: issue.title,
    user: showUser(world, issue.author.user),
    body: issue.body,
    labels: issue.labels.map((label) => showLabel(world, repository, label)),
    milestone: issue.milestone ? showMilestone(world, repository, issue.milestone) : null,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt ?? null,
    merge_commit_sha: pull.mergeSha ?? pull.testMerge?.sha ?? null,
    assignee: assignees[0] ?? null,
    assignees,
    requested_reviewers: pull.requestedReviewers.map((user) => showUser(world, user)),
    requested_teams: [],
    head: showEnd(world, pull.fork ?? repository, pull.headBranch, pull.headSha),
    base: showEnd(world, repository, pull.baseBranch, pull.baseSha),
    _links: links(api, html, number, pull.headSha),
    author_association: associationOf(repository, issue.author.user),
    auto_merge: null,
    draft: pull.draft,
  };
}

async function counts(repository: Repository, { number, pull }: PullIssue) {
  const [files, commits] = await Promise.all([pullFiles(repository, pull), pullCommits(repository, pull)]);
  return {
    comments: [...repository.comments.values()].filter(({ issueNumber }) => issueNumber === number).length,
    review_comments: pull.reviewComments.length,
    maintainer_can_modify: false,
    commits: commits.length,
    additions: files.reduce((sum, { additions }) => sum + additions, 0),
    deletions: files.reduce((sum, { deletions }) => sum + deletions, 0),
    changed_files: files.length,
  };
}

/** One pull request looked at alone: with its size, and whether it can be merged if GitHub knows by now. */
export async function showPullAlone(world: World, repository: Repository, issue: PullIssue, asked = true) {
  const { mergeable, rebaseable, state } = asked
    ? await mergeability(world, repository, issue)
    : ({ mergeable: null, rebaseable: null, state: "unknown" } as const);
  return {
    ...showPull(world, repository, issue),
    merged: issue.pull.mergedAt !== undefined,
    mergeable,
    rebaseable,
    mergeable_state: state,
    merged_by: issue.pull.mergedBy ? showUser(world, issue.pull.mergedBy) : null,
    ...(await counts(repository, issue)),
  };
}

export const showPullMinimal = (world: World, repository: Repository, { number, pull }: PullIssue) => {
  const repo = { id: repository.id, url: apiOf(world, repository), name: repository.name };
  return {
    id: pull.id,
    number,
    url: `${apiOf(world, repository)}/pulls/${number}`,
    head: { ref: pull.headBranch, sha: pull.headSha, repo },
    base: { ref: pull.baseBranch, sha: pull.baseSha, repo },
  };
};

export const isPull = (issue: Issue | undefined): issue is PullIssue => issue?.pull !== undefined;

/** Open pull requests whose head is this commit. */
export const pullsAt = (repository: Repository, sha: string): PullIssue[] =>
  [...repository.issues.values()].filter(isPull).filter(({ state, pull }) => state === "open" && pull.headSha === sha);
