/** How each kind of variable has to read; a message goes on after the variable's name. */
import { createPrivateKey } from "node:crypto";
import { z } from "zod";

export const list = (text: string) => text.split(/[\s,]+/).filter((part) => part !== "");

export const Port = z
  .string()
  .regex(/^\d{1,5}$/, "is not a port: set a number from 0 (takes a free one) to 65535")
  .transform(Number)
  .refine((port) => port <= 65_535, "is not a port: set a number from 0 (takes a free one) to 65535");
export const Url = z
  .url({ protocol: /^https?$/, error: "is not an http or https URL: set one such as https://example.com" })
  .transform((url) => url.replace(/\/+$/, ""));
export const DatabaseUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: "is not a Postgres URL: set one such as postgres://user:password@host:5432/name, or nothing for the embedded Postgres",
});
export const AppId = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, "is not a number: set the App ID that the GitHub App's settings page shows")
  .transform(Number);
export const PrivateKey = z.string().transform((text, context) => {
  const pem = asPem(text);
  if (!pem)
    context.addIssue(
      "is not a PEM private key: set the content of the .pem file that GitHub gave for the App, as it is, in base64, or with \\n for each line end",
    );
  return pem ?? z.NEVER;
});
export const WebhookSecret = z
  .string()
  .refine(
    (secret) => secret !== "development",
    "is the word development, which everybody knows: set the output of `openssl rand -hex 32` here and in the GitHub App's settings",
  )
  .refine(
    (secret) => Buffer.byteLength(secret) >= 32,
    "is shorter than 32 bytes: set the output of `openssl rand -hex 32` here and in the GitHub App's settings",
  );
export const HookSecret = z
  .string()
  .refine(
    (secret) => Buffer.byteLength(secret) >= 32,
    "is shorter than 32 bytes: set the output of `openssl rand -hex 32` here and as the token of Flux's provider",
  );
export const Token = z.string().regex(/^\S+$/, "has a space or a line break in it: set the token alone");
export const ApiTokens = z.string().transform((text, context) =>
  list(text).map((pair) => {
    const [, name, sha256] = /^([\w.@-]+):([0-9a-f]{64})$/i.exec(pair) ?? [];
    if (name && sha256) return { name, sha256: sha256.toLowerCase() };
    context.addIssue(
      "is not a list of name:sha256: set for each token a name, a colon and the output of `printf %s TOKEN | sha256sum`, with commas between",
    );
    return z.NEVER;
  }),
);
export const Writes = z
  .string()
  .regex(
    /^[1-9]\d{0,5}\/[1-9]\d{0,6}$/,
    "is not two numbers such as 60/400: set the most content writes a minute and an hour for an installation",
  )
  .transform((text) => {
    const [minute = 0, hour = 0] = text.split("/").map(Number);
    return { minute, hour };
  });
export const Channels = z.string().transform((text, context) => {
  const channels = z.record(z.string(), z.string().regex(/^\d+$/)).safeParse(json(text));
  if (!channels.success) context.addIssue('is not JSON of channel names and ids: set it such as {"conductor-e":"1234567890"}');
  return channels.data ?? z.NEVER;
});

/** Probot's three ways to write a PEM: as it is, with literal `\n`, in base64. */
function asPem(text: string): string | undefined {
  const plain = text.includes("PRIVATE KEY") ? text : Buffer.from(text, "base64").toString("utf8");
  const pem = plain.replaceAll("\\n", "\n").trim();
  try {
    createPrivateKey(pem);
    return `${pem}\n`;
  } catch {
    return undefined;
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
