import { randomBytes } from "node:crypto";
import { Refusal } from "../http/refusal.ts";
import type { World } from "../world.ts";
import { verifyAppJwt } from "./app-jwt.ts";
import type { Identity } from "./identity.ts";

const random = (bytes: number) => randomBytes(bytes).toString("base64url");

/** As long, and with the dots, that GitHub's installation tokens have now. */
export const newInstallationToken = () => `ghs_${random(40)}.${random(280)}.${random(64)}`;
export const newPersonalToken = () => `ghp_${randomBytes(18).toString("hex")}`;

const badCredentials = () => new Refusal(401, "Bad credentials");

/** The token's owner; refuses one that is unknown or over. */
export async function identify(world: World, token: string | undefined): Promise<Identity> {
  if (!token) return { kind: "anonymous" };
  if (/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return { kind: "app", app: await verifyAppJwt(world, token) };
  const identity = world.tokens.get(token);
  if (!identity) throw badCredentials();
  if ("expiresAt" in identity && identity.expiresAt <= world.now().getTime()) throw badCredentials();
  if (identity.kind === "installation" && identity.installation.suspendedAt) throw new Refusal(403, "This installation has been suspended");
  return identity;
}

/** `Authorization: Bearer x`, `token x`, or Basic with the token as the password (git). */
export function tokenOf(authorization: string | undefined): string | undefined {
  const [scheme, value] = authorization?.split(" ", 2) ?? [];
  if (!scheme || !value) return undefined;
  if (/^(bearer|token)$/i.test(scheme)) return value;
  if (/^basic$/i.test(scheme)) return Buffer.from(value, "base64").toString().split(":").slice(1).join(":") || undefined;
  throw badCredentials();
}
