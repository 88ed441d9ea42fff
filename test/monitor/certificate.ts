/** Self-signed certificates made on the spot: DER as RFC 5280 asks for it, and no key that is kept anywhere. */
import { generateKeyPairSync, sign } from "node:crypto";

const sequence = 0x30;
const utcTime = 0x17;

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const time = (at: Date): Buffer => der(utcTime, Buffer.from(`${at.toISOString().replace(/\D/g, "").slice(2, 14)}Z`));
const named = (name: string): Buffer =>
  der(sequence, der(0x31, der(sequence, Buffer.from("0603550403", "hex"), der(0x0c, Buffer.from(name)))));

/** A certificate for that name, good until then (before 2050, as UTCTime has it), and the key to it. */
export function certificateUntil(until: Date, name = "localhost"): { readonly cert: string; readonly key: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ecdsaWithSha256 = Buffer.from("300a06082a8648ce3d040302", "hex");
  const body = der(
    sequence,
    Buffer.from("020101", "hex"),
    ecdsaWithSha256,
    named(name),
    der(sequence, time(new Date(until.getTime() - 90 * 24 * 3_600_000)), time(until)),
    named(name),
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = der(0x03, Buffer.from([0]), sign("sha256", body, privateKey));
  const certificate = der(sequence, body, ecdsaWithSha256, signature);
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString("base64")}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}
