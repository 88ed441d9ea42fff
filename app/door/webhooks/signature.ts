import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * Whether GitHub signed exactly these bytes with one of the secrets (two during a rotation).
 * `@octokit/webhooks-methods` takes the body as text, and bytes that are not UTF-8 would not survive that.
 */
export function isSigned(body: Buffer, signature: string, secrets: readonly string[]): boolean {
  const given = Buffer.from(signature);
  let signed = false;
  for (const secret of secrets) {
    const expected = Buffer.from(`sha256=${createHmac("sha256", secret).update(body).digest("hex")}`);
    if (given.length === expected.length && timingSafeEqual(given, expected)) signed = true;
  }
  return signed;
}
