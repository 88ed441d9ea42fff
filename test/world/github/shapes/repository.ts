import { atLeast } from "../auth/authorize.ts";
import type { Repository, Role } from "../state/repository.ts";
import { fullName, type World } from "../world.ts";
import { nodeId } from "./node-id.ts";
import { showUser } from "./people.ts";

export const apiOf = (world: World, repository: Repository) => `${world.apiUrl}/repos/${fullName(repository)}`;
export const htmlOf = (world: World, repository: Repository) => `${world.origin}/${fullName(repository)}`;

const urls = (api: string, html: string, origin: string, name: string) => ({
  html_url: html,
  url: api,
  archive_url: `${api}/{archive_format}{/ref}`,
  assignees_url: `${api}/assignees{/user}`,
  blobs_url: `${api}/git/blobs{/sha}`,
  branches_url: `${api}/branches{/branch}`,
  collaborators_url: `${api}/collaborators{/collaborator}`,
  comments_url: `${api}/comments{/number}`,
  commits_url: `${api}/commits{/sha}`,
  compare_url: `${api}/compare/{base}...{head}`,
  contents_url: `${api}/contents/{+path}`,
  contributors_url: `${api}/contributors`,
  deployments_url: `${api}/deployments`,
  downloads_url: `${api}/downloads`,
  events_url: `${api}/events`,
  forks_url: `${api}/forks`,
  git_commits_url: `${api}/git/commits{/sha}`,
  git_refs_url: `${api}/git/refs{/sha}`,
  git_tags_url: `${api}/git/tags{/sha}`,
  hooks_url: `${api}/hooks`,
  issue_comment_url: `${api}/issues/comments{/number}`,
  issue_events_url: `${api}/issues/events{/number}`,
  issues_url: `${api}/issues{/number}`,
  keys_url: `${api}/keys{/key_id}`,
  labels_url: `${api}/labels{/name}`,
  languages_url: `${api}/languages`,
  merges_url: `${api}/merges`,
  milestones_url: `${api}/milestones{/number}`,
  notifications_url: `${api}/notifications{?since,all,participating}`,
  pulls_url: `${api}/pulls{/number}`,
  releases_url: `${api}/releases{/id}`,
  stargazers_url: `${api}/stargazers`,
  statuses_url: `${api}/statuses/{sha}`,
  subscribers_url: `${api}/subscribers`,
  subscription_url: `${api}/subscription`,
  tags_url: `${api}/tags`,
  teams_url: `${api}/teams`,
  trees_url: `${api}/git/trees{/sha}`,
  clone_url: `${html}.git`,
  git_url: `git:${origin.replace(/^https?:/, "")}/${name}.git`,
  ssh_url: `git@127.0.0.1:${name}.git`,
  svn_url: html,
  mirror_url: null,
});

/** As it stands inside other things: pull requests, runs, webhooks. */
export function showRepository(world: World, repository: Repository) {
  const open = [...repository.issues.values()].filter(({ state }) => state === "open").length;
  const name = fullName(repository);
  return {
    id: repository.id,
    node_id: nodeId("Repository", repository.id),
    name: repository.name,
    full_name: name,
    private: repository.private,
    owner: showUser(world, repository.owner),
    description: null,
    fork: false,
    ...urls(apiOf(world, repository), htmlOf(world, repository), world.origin, name),
    homepage: null,
    language: null,
    license: null,
    topics: [],
    custom_properties: {},
    visibility: repository.private ? "private" : "public",
    default_branch: repository.defaultBranch,
    size: 0,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    open_issues: open,
    open_issues_count: open,
    is_template: false,
    allow_forking: true,
    web_commit_signoff_required: false,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    archived: repository.archived,
    disabled: false,
    pushed_at: repository.pushedAt,
    created_at: repository.createdAt,
    updated_at: repository.pushedAt,
  };
}

/** What a role may do, in the five words of the older API. */
export const showPermissions = (role: Role | undefined) => ({
  admin: atLeast(role, "admin"),
  maintain: atLeast(role, "maintain"),
  push: atLeast(role, "write"),
  triage: atLeast(role, "triage"),
  pull: atLeast(role, "read"),
});

export function showFullRepository(world: World, repository: Repository, role: Role | undefined) {
  return {
    ...showRepository(world, repository),
    permissions: showPermissions(role),
    allow_squash_merge: true,
    allow_merge_commit: true,
    allow_rebase_merge: true,
    allow_auto_merge: false,
    delete_branch_on_merge: repository.deleteBranchOnMerge,
    allow_update_branch: false,
    squash_merge_commit_title: "COMMIT_OR_PR_TITLE",
    squash_merge_commit_message: "COMMIT_MESSAGES",
    merge_commit_title: "MERGE_MESSAGE",
    merge_commit_message: "PR_TITLE",
    subscribers_count: 0,
    network_count: 0,
    ...(repository.owner.type === "Organization" ? { organization: showUser(world, repository.owner) } : {}),
  };
}
