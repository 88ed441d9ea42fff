import { generateKeyPairSync } from "node:crypto";
import { newPersonalToken } from "./auth/tokens.ts";
import { nodeId } from "./shapes/node-id.ts";
import { showInstallation, showUser } from "./shapes/people.ts";
import type { App, Installation, Level, User } from "./state/people.ts";
import { sendTo } from "./webhooks/announce.ts";
import { fullName, nextId, nowIso, repositoryById, type World } from "./world.ts";

export function findUser(world: World, login: string): User {
  const user = world.users.get(login.toLowerCase());
  if (!user) throw new Error(`This GitHub knows nobody called ${login}: create the user first.`);
  return user;
}

export function addUser(world: World, login: string, type: User["type"], id = nextId(world, "user")): User {
  if (world.users.has(login.toLowerCase())) throw new Error(`There is somebody called ${login} already.`);
  const user: User = { id, login, type, createdAt: nowIso(world) };
  world.users.set(login.toLowerCase(), user);
  return user;
}

export function createUser(world: World, login: string): { readonly login: string; readonly id: number; readonly token: string } {
  const user = addUser(world, login, "User");
  const token = newPersonalToken();
  world.tokens.set(token, { kind: "person", user });
  return { login, id: user.id, token };
}

export interface NewApp {
  readonly slug: string;
  readonly name: string;
  readonly permissions: Readonly<Record<string, Level>>;
  readonly events: readonly string[];
  readonly webhookUrl?: string;
  readonly webhookSecret?: string;
}

/** What an App must be allowed to read before it may hear of it. */
const eventNeeds: Readonly<Record<string, readonly string[]>> = {
  check_run: ["checks"],
  check_suite: ["checks"],
  create: ["contents"],
  delete: ["contents"],
  deployment: ["deployments"],
  deployment_status: ["deployments"],
  issue_comment: ["issues", "pull_requests"],
  issues: ["issues"],
  pull_request: ["pull_requests"],
  pull_request_review: ["pull_requests"],
  push: ["contents"],
  repository: ["metadata"],
  status: ["statuses"],
  workflow_job: ["actions"],
  workflow_run: ["actions"],
};

function refuseEvents({ slug, permissions, events }: NewApp): void {
  for (const event of events) {
    const needs = eventNeeds[event];
    if (!needs) throw new Error(`App ${slug} subscribes to ${event}, which this GitHub does not send.`);
    if (!needs.some((name) => name === "metadata" || permissions[name])) {
      throw new Error(`App ${slug} subscribes to ${event}, which needs the permission ${needs.join(" or ")} at least to read.`);
    }
  }
}

export function createApp(world: World, owner: User, wanted: NewApp) {
  refuseEvents(wanted);
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const id = nextId(world, "app");
  const bot = addUser(world, `${wanted.slug}[bot]`, "Bot");
  const app: App = {
    id,
    slug: wanted.slug,
    name: wanted.name,
    clientId: `Iv23li${nodeId("App", id)}`,
    owner,
    bot,
    permissions: wanted.permissions,
    events: wanted.events,
    publicKey,
    createdAt: nowIso(world),
    ...(wanted.webhookUrl ? { webhookUrl: wanted.webhookUrl } : {}),
    ...(wanted.webhookSecret ? { webhookSecret: wanted.webhookSecret } : {}),
  };
  world.apps.set(id, app);
  return {
    id,
    slug: app.slug,
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    botLogin: bot.login,
    botId: bot.id,
  };
}

export function findApp(world: World, id: number): App {
  const app = world.apps.get(id);
  if (!app) throw new Error(`This GitHub has no App ${id}.`);
  return app;
}

/** Installs on some of an owner's repositories; more of them later go to the same installation. */
export function install(world: World, appId: number, owner: string, names: readonly string[]): { readonly installationId: number } {
  const app = findApp(world, appId);
  const account = findUser(world, owner);
  const ids = names.map((name) => {
    const found = [...world.repositories.values()].find(
      (one) => one.owner.id === account.id && one.name.toLowerCase() === (name.split("/").at(-1) ?? "").toLowerCase(),
    );
    if (!found) throw new Error(`${owner} has no repository ${name} to install ${app.slug} on.`);
    return found.id;
  });
  const kept = [...world.installations.values()].find((one) => one.app.id === appId && one.account.id === account.id);
  const installation: Installation = kept ?? {
    id: nextId(world, "installation"),
    app,
    account,
    repositoryIds: new Set(),
    permissions: app.permissions,
    createdAt: nowIso(world),
  };
  for (const id of ids) installation.repositoryIds.add(id);
  world.installations.set(installation.id, installation);

  const repositories = ids.map((id) => {
    const repository = repositoryById(world, id);
    return { id, node_id: nodeId("Repository", id), name: repository.name, full_name: fullName(repository), private: repository.private };
  });
  const payload = { installation: showInstallation(world, installation), sender: showUser(world, account) };
  if (kept) {
    const more = {
      action: "added",
      repository_selection: "selected",
      repositories_added: repositories,
      repositories_removed: [],
      requester: null,
    };
    sendTo(world, installation, "installation_repositories", "added", { ...payload, ...more }, null);
  } else {
    sendTo(world, installation, "installation", "created", { ...payload, action: "created", repositories, requester: null }, null);
  }
  return { installationId: installation.id };
}
