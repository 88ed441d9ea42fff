import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from "jose";

/** What GitHub's Actions issuer publishes and signs with. */
export interface OidcIssuer {
  readonly issuer: string;
  sign(claims: JWTPayload, now: Date): Promise<string>;
  /** The document under this path of the issuer. */
  document(path: string): Promise<object | undefined>;
}

const VALID_SECONDS = 300;

export function openOidcIssuer(issuer: string): OidcIssuer {
  const keys = generateKeyPair("RS256", { extractable: true });
  keys.catch(() => {}); // told to whoever asks for the keys
  const kid = "stand-in-1";
  const jwk = async (): Promise<JWK> => ({ ...(await exportJWK((await keys).publicKey)), kid, alg: "RS256", use: "sig" });
  return {
    issuer,
    sign: async (claims, now) => {
      const seconds = Math.floor(now.getTime() / 1000);
      return new SignJWT({ ...claims, jti: crypto.randomUUID() })
        .setProtectedHeader({ alg: "RS256", kid, typ: "JWT" })
        .setIssuer(issuer)
        .setIssuedAt(seconds)
        .setNotBefore(seconds - VALID_SECONDS)
        .setExpirationTime(seconds + VALID_SECONDS)
        .sign((await keys).privateKey);
    },
    document: async (path) => {
      if (path === "/.well-known/jwks") return { keys: [await jwk()] };
      if (path !== "/.well-known/openid-configuration") return undefined;
      return {
        issuer,
        jwks_uri: `${issuer}/.well-known/jwks`,
        subject_types_supported: ["public", "pairwise"],
        response_types_supported: ["id_token"],
        claims_supported: ["sub", "aud", "exp", "iat", "iss", "jti", "nbf", "ref", "sha", "repository", "repository_id", "run_id", "actor"],
        id_token_signing_alg_values_supported: ["RS256"],
        scopes_supported: ["openid"],
      };
    },
  };
}
