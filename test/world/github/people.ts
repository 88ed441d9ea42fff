import { generateKeyPairSync } from "node:crypto";
import { newPersonalToken } from "./auth/tokens.ts";
import { tellInstallation } from "./installations/life.ts";
import { addRepositories } from "./installations/selection.ts";
import { nodeId } from "./shapes/node-id.ts";
import type { App, Installation, Level, User } from "./state/people.ts";
import { eventNeeds, mayHear } from "./webhooks/needs.ts";
import { findRepository, nextId, nowIso, type World } from "./world.ts";

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

function refuseEvents({ slug, permissions, events }: NewApp): void {
  for (const event of events) {
    const needs = eventNeeds[event];
    if (!needs) throw new Error(`App ${slug} subscribes to ${event}, which this GitHub does not send.`);
    if (!mayHear(permissions, event)) {
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
    const found = findRepository(world, owner, name.split("/").at(-1) ?? "");
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
  world.installations.set(installation.id, installation);
  if (kept) {
    addRepositories(world, kept, ids, account);
  } else {
    for (const id of ids) installation.repositoryIds.add(id);
    tellInstallation(world, installation, "created", account);
  }
  return { installationId: installation.id };
}
