import type { Identity } from "../auth/identity.ts";
import { newInstallationToken } from "../auth/tokens.ts";
import { invalid, notFound, Refusal } from "../http/refusal.ts";
import { suspend, uninstall } from "../installations/life.ts";
import { showApp, showInstallation } from "../shapes/people.ts";
import { showRepository } from "../shapes/repository.ts";
import type { App, Installation, Permissions } from "../state/people.ts";
import { iso, type World } from "../world.ts";
import { created, type Endpoint, general, noContent, ok } from "./endpoint.ts";
import { counted, listed } from "./pages.ts";

const HOUR = 3_600_000;

function callingApp(identity: Identity): App {
  if (identity.kind !== "app") throw new Refusal(401, "A JSON web token could not be decoded");
  return identity.app;
}

const installationsOf = (world: World, app: App) => [...world.installations.values()].filter((one) => one.app.id === app.id);

function ownInstallation(world: World, identity: Identity, id: number): Installation {
  const installation = world.installations.get(id);
  if (!installation || installation.app.id !== callingApp(identity).id) throw notFound();
  return installation;
}

const rank = (level: string | undefined) => ["read", "write", "admin"].indexOf(level ?? "");

/** A token may have less than the installation, never more. */
function narrowed(installation: Installation, asked: Readonly<Record<string, string>> | undefined): Permissions {
  if (!asked) return { ...installation.permissions, metadata: "read" };
  for (const [name, level] of Object.entries(asked)) {
    const granted = name === "metadata" ? "read" : installation.permissions[name];
    if (rank(level) > rank(granted)) throw new Refusal(422, "The permissions requested are not granted to this installation.");
  }
  return { ...(asked as Permissions), metadata: "read" };
}

function chosen(
  world: World,
  installation: Installation,
  names: readonly string[] | undefined,
  ids: readonly number[] | undefined,
): Set<number> | undefined {
  if (!names && !ids) return undefined;
  const covered = [...installation.repositoryIds].flatMap((id) => world.repositories.get(id) ?? []);
  const wanted = covered.filter(({ id, name }) => ids?.includes(id) || names?.some((one) => one.toLowerCase() === name.toLowerCase()));
  if (wanted.length !== (names?.length ?? 0) + (ids?.length ?? 0)) {
    throw new Refusal(422, "There is at least one repository that does not exist or is not accessible to the parent installation.");
  }
  return new Set(wanted.map(({ id }) => id));
}

export const appEndpoints: readonly Endpoint[] = [
  general("apps/get-authenticated", "app", ({ world, identity }) => {
    const app = callingApp(identity);
    return ok({ ...showApp(world, app), installations_count: installationsOf(world, app).length });
  }),
  general("apps/get-by-slug", "anybody", ({ world, params }) => {
    const app = [...world.apps.values()].find(({ slug }) => slug === params.app_slug);
    if (!app) throw notFound();
    return ok(showApp(world, app));
  }),
  general("apps/get-webhook-config-for-app", "app", ({ identity }) => {
    const { webhookUrl, webhookSecret } = callingApp(identity);
    return ok({
      content_type: "json",
      insecure_ssl: "0",
      ...(webhookSecret ? { secret: "********" } : {}),
      ...(webhookUrl ? { url: webhookUrl } : {}),
    });
  }),
  general("apps/list-installations", "app", (call) =>
    listed(call, installationsOf(call.world, callingApp(call.identity)), (one) => showInstallation(call.world, one)),
  ),
  general("apps/get-installation", "app", ({ world, identity, params }) =>
    ok(showInstallation(world, ownInstallation(world, identity, params.installation_id))),
  ),
  general("apps/suspend-installation", "app", ({ world, identity, params }) => {
    const installation = ownInstallation(world, identity, params.installation_id);
    suspend(world, installation, true, callingApp(identity).bot);
    return noContent;
  }),
  general("apps/unsuspend-installation", "app", ({ world, identity, params }) => {
    const installation = ownInstallation(world, identity, params.installation_id);
    suspend(world, installation, false, callingApp(identity).bot);
    return noContent;
  }),
  general("apps/delete-installation", "app", ({ world, identity, params }) => {
    const installation = ownInstallation(world, identity, params.installation_id);
    uninstall(world, installation, callingApp(identity).bot);
    return noContent;
  }),
  general("apps/create-installation-access-token", "app", ({ world, identity, params, body }) => {
    const installation = ownInstallation(world, identity, params.installation_id);
    if (installation.suspendedAt) throw new Refusal(403, "This installation has been suspended");
    const wish = body ?? {};
    if ((wish.repository_ids?.length ?? 0) > 500) throw invalid("repository_ids: at most 500");
    const repositoryIds = chosen(world, installation, wish.repositories, wish.repository_ids);
    const permissions = narrowed(installation, wish.permissions as Record<string, string> | undefined);
    const expiresAt = world.now().getTime() + HOUR;
    const token = newInstallationToken();
    world.tokens.set(token, {
      kind: "installation",
      app: installation.app,
      installation,
      permissions,
      expiresAt,
      ...(repositoryIds ? { repositoryIds } : {}),
    });
    const repositories = repositoryIds && [...repositoryIds].flatMap((id) => world.repositories.get(id) ?? []);
    return created({
      token,
      expires_at: iso(new Date(expiresAt)),
      permissions,
      repository_selection: "selected",
      ...(repositories ? { repositories: repositories.map((one) => showRepository(world, one)) } : {}),
    });
  }),
  general("apps/revoke-installation-access-token", "installation", ({ world, identity }) => {
    for (const [token, owner] of world.tokens) if (owner === identity) world.tokens.delete(token);
    return noContent;
  }),
  general("apps/list-repos-accessible-to-installation", "installation", (call) => {
    const { world, identity } = call;
    if (identity.kind !== "installation") throw new Refusal(403, "Resource not accessible by integration");
    const ids = [...(identity.repositoryIds ?? identity.installation.repositoryIds)];
    const repositories = ids.flatMap((id) => world.repositories.get(id) ?? []);
    return counted(call, "repositories", repositories, (one) => showRepository(world, one), { repository_selection: "selected" });
  }),
  general("apps/get-repo-installation", "app", ({ world, identity, params }) => {
    const app = callingApp(identity);
    const found = installationsOf(world, app).find(({ repositoryIds }) =>
      [...repositoryIds].some((id) => {
        const repository = world.repositories.get(id);
        return (
          repository?.name.toLowerCase() === params.repo.toLowerCase() &&
          repository.owner.login.toLowerCase() === params.owner.toLowerCase()
        );
      }),
    );
    if (!found) throw notFound();
    return ok(showInstallation(world, found));
  }),
];
