import { createHash, timingSafeEqual } from "node:crypto";
import type { Context } from "hono";
import type { ApiToken } from "../config.ts";
import { Problem } from "./problem.ts";

/** Whose token it is, if anybody's. */
export function nameOf(token: string, tokens: readonly ApiToken[]): string | undefined {
  const given = createHash("sha256").update(token).digest();
  return tokens.find(({ sha256 }) => timingSafeEqual(given, Buffer.from(sha256, "hex")))?.name;
}

export const bearerOf = (context: Context): string => context.req.header("authorization")?.match(/^Bearer (\S+)$/i)?.[1] ?? "";

/** Who speaks: by a bearer and nothing else, so that no page in a browser on this machine can speak for anybody. */
export function speakerOf(context: Context, tokens: readonly ApiToken[]): string {
  const name = nameOf(bearerOf(context), tokens);
  if (name) return name;
  throw unknownBearer();
}

export const unknownBearer = () =>
  new Problem(401, "Send one of the tokens of RIG_API_TOKENS as Authorization: Bearer.", { "www-authenticate": "Bearer" });
