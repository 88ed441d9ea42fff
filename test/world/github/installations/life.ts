import { showInstallation, showUser } from "../shapes/people.ts";
import type { App, Installation, Permissions, User } from "../state/people.ts";
import { sendTo } from "../webhooks/announce.ts";
import { nowIso, type World } from "../world.ts";
import { showBriefly } from "./selection.ts";

export function tellInstallation(world: World, installation: Installation, action: string, by: User): void {
  const repositories = [...installation.repositoryIds].map((id) => showBriefly(world, id));
  const payload = { action, installation: showInstallation(world, installation), sender: showUser(world, by) };
  const named = action === "suspend" || action === "unsuspend" ? {} : { repositories };
  sendTo(world, installation, "installation", action, { ...payload, ...named }, null);
}

/** Its tokens are refused with 403, and of what happens nothing is told, until it is taken back. */
export function suspend(world: World, installation: Installation, suspended: boolean, by: User): void {
  if (Boolean(installation.suspendedAt) === suspended) return;
  if (suspended) installation.suspendedAt = nowIso(world);
  else delete installation.suspendedAt;
  tellInstallation(world, installation, suspended ? "suspend" : "unsuspend", by);
}

/** Its tokens end with it. */
export function uninstall(world: World, installation: Installation, by: User): void {
  world.installations.delete(installation.id);
  for (const [token, owner] of world.tokens)
    if (owner.kind === "installation" && owner.installation === installation) world.tokens.delete(token);
  tellInstallation(world, installation, "deleted", by);
}

/** The account's owner agrees to what the App asks for now. */
export function acceptPermissions(world: World, installation: Installation, permissions: Permissions, by: User): void {
  installation.permissions = permissions;
  tellInstallation(world, installation, "new_permissions_accepted", by);
}

/** The App's owner asks for less: that holds at once for every installation, and nobody is told. */
export function reducePermissions(world: World, app: App, permissions: Permissions): void {
  app.permissions = permissions;
  for (const installation of world.installations.values()) if (installation.app === app) installation.permissions = permissions;
}
