import type { App, Installation, User } from "../state/people.ts";
import type { World } from "../world.ts";
import { nodeId } from "./node-id.ts";

export function showUser({ origin, apiUrl }: World, { id, login, type }: User) {
  const name = encodeURIComponent(login);
  const url = `${apiUrl}/users/${name}`;
  return {
    login,
    id,
    node_id: nodeId("User", id),
    avatar_url: `${origin}/avatars/u/${id}`,
    gravatar_id: "",
    url,
    html_url: type === "Bot" ? `${origin}/apps/${login.replace("[bot]", "")}` : `${origin}/${name}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    user_view_type: "public",
    site_admin: false,
  };
}

export function showApp(world: World, app: App) {
  return {
    id: app.id,
    client_id: app.clientId,
    slug: app.slug,
    node_id: nodeId("App", app.id),
    owner: showUser(world, app.owner),
    name: app.name,
    description: "",
    external_url: `${world.origin}/${app.slug}`,
    html_url: `${world.origin}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: { ...app.permissions, metadata: "read" },
    events: app.events,
  };
}

export const showAppOf = (world: World, app: App | undefined) => (app ? showApp(world, app) : null);

export function showInstallation(world: World, installation: Installation) {
  const { app, account, id } = installation;
  return {
    id,
    client_id: app.clientId,
    account: showUser(world, account),
    repository_selection: "selected",
    access_tokens_url: `${world.apiUrl}/app/installations/${id}/access_tokens`,
    repositories_url: `${world.apiUrl}/installation/repositories`,
    html_url: `${world.origin}/settings/installations/${id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: { ...installation.permissions, metadata: "read" },
    events: app.events,
    created_at: installation.createdAt,
    updated_at: installation.createdAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: installation.suspendedAt ? showUser(world, account) : null,
    suspended_at: installation.suspendedAt ?? null,
  };
}

export function showOrganization(world: World, owner: User) {
  const url = `${world.apiUrl}/orgs/${owner.login}`;
  return {
    login: owner.login,
    id: owner.id,
    node_id: nodeId("Organization", owner.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${world.origin}/avatars/u/${owner.id}`,
    description: null,
  };
}
