import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";

interface Wanted {
  readonly claims: JWTPayload;
  readonly issuer?: string;
  readonly audience?: string;
  /** Seconds since it was issued; it is valid for five minutes. */
  readonly age?: number;
  readonly byStranger?: boolean;
}

export type Issuer = Awaited<ReturnType<typeof startIssuer>>;

/** A small OIDC issuer on a port of its own, which signs whatever it is asked to. */
export async function startIssuer() {
  const trusted = await generateKeyPair("RS256", { extractable: true });
  const stranger = await generateKeyPair("RS256", { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(trusted.publicKey)), kid: "k1", alg: "RS256", use: "sig" }] };
  const server = createServer((request, response) => {
    response.writeHead(request.url === "/.well-known/jwks" ? 200 : 404, { "content-type": "application/json" }).end(JSON.stringify(jwks));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    issuer,
    sign({ claims, age = 0, byStranger = false, ...said }: Wanted): Promise<string> {
      const issuedAt = Math.floor(Date.now() / 1000) - age;
      return new SignJWT(claims)
        .setProtectedHeader({ alg: "RS256", kid: "k1" })
        .setIssuer(said.issuer ?? issuer)
        .setAudience(said.audience ?? "engineering-rig")
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + 300)
        .sign((byStranger ? stranger : trusted).privateKey);
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
