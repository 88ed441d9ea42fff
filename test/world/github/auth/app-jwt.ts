import { decodeJwt, errors, jwtVerify } from "jose";
import { Refusal } from "../http/refusal.ts";
import type { App } from "../state/people.ts";
import type { World } from "../world.ts";

const MOST_SECONDS = 600;
const refuse = (message: string) => new Refusal(401, message);

/** A JWT signed with the App's own key, not older than it says and valid for ten minutes at most. */
export async function verifyAppJwt(world: World, token: string): Promise<App> {
  const claims = decodeJwt(token);
  const app = [...world.apps.values()].find(
    ({ id, clientId }) => claims.iss === String(id) || claims.iss === clientId || Number(claims.iss) === id,
  );
  if (!app?.publicKey) throw refuse("A JSON web token could not be decoded");
  const now = Math.floor(world.now().getTime() / 1000);
  if (!Number.isInteger(claims.iat) || (claims.iat ?? 0) > now) {
    throw refuse("'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued");
  }
  if (!Number.isInteger(claims.exp))
    throw refuse("'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires");
  if ((claims.exp ?? 0) > now + MOST_SECONDS) throw refuse("'Expiration time' claim ('exp') is too far in the future");
  try {
    await jwtVerify(token, app.publicKey, { algorithms: ["RS256"], currentDate: world.now() });
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    throw refuse(
      error instanceof errors.JWTExpired
        ? "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires"
        : "A JSON web token could not be decoded",
    );
  }
  return app;
}
