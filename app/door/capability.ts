/** The bearer of one run: 32 random bytes of which the database keeps only the hash. */
import { createHash, randomBytes } from "node:crypto";
import { Problem } from "./problem.ts";

export function newCapability(): { readonly capability: string; readonly hash: string } {
  const capability = randomBytes(32).toString("base64url");
  return { capability, hash: hashOf(capability) };
}

export const hashOf = (capability: string): string => createHash("sha256").update(capability).digest("hex");

/** The token of `Authorization: Bearer …`. */
export function bearerOf(authorization: string | undefined): string {
  const [, token] = /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization ?? "") ?? [];
  if (!token) throw new Problem(401, "Send the token as Authorization: Bearer.", { "www-authenticate": "Bearer" });
  return token;
}
