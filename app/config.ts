/** The only reader of the environment: what it says is checked before anything starts. */
import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";

/** The environment is not as it has to be. The message is one sentence for the person who sets it. */
export class ConfigError extends Error {}

/** One of the two GitHub Apps. */
export interface AppCredentials {
  readonly id: number;
  /** PEM. */
  readonly privateKey: string;
}

export type ApiToken = z.infer<typeof ApiTokens>[number];

/** Variables that hold a secret; each may be given as a file instead: `NAME_FILE`. */
const secretNames = [
  "DATABASE_URL",
  "PRIVATE_KEY",
  "WEBHOOK_SECRET",
  "WEBHOOK_SECRET_PREVIOUS",
  "REVIEW_PRIVATE_KEY",
  "ANTHROPIC_API_KEY",
  "ANTHROPIC_AUTH_TOKEN",
  "DISCORD_BOT_TOKEN",
  "DISCORD_WEBHOOK_URL",
  "RIG_API_TOKENS",
] as const;

const list = (text: string) => text.split(/[\s,]+/).filter((part) => part !== "");

const Port = z
  .string()
  .regex(/^\d{1,5}$/, "is not a port: set a number from 0 (takes a free one) to 65535")
  .transform(Number)
  .refine((port) => port <= 65_535, "is not a port: set a number from 0 (takes a free one) to 65535");
const Url = z
  .url({ protocol: /^https?$/, error: "is not an http or https URL: set one such as https://example.com" })
  .transform((url) => url.replace(/\/+$/, ""));
const AppId = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, "is not a number: set the App ID that the GitHub App's settings page shows")
  .transform(Number);
const PrivateKey = z.string().transform((text, context) => {
  const pem = asPem(text);
  if (!pem)
    context.addIssue(
      "is not a PEM private key: set the content of the .pem file that GitHub gave for the App, as it is, in base64, or with \\n for each line end",
    );
  return pem ?? z.NEVER;
});
const WebhookSecret = z
  .string()
  .refine(
    (secret) => secret !== "development",
    "is the word development, which everybody knows: set the output of `openssl rand -hex 32` here and in the GitHub App's settings",
  )
  .refine(
    (secret) => Buffer.byteLength(secret) >= 32,
    "is shorter than 32 bytes: set the output of `openssl rand -hex 32` here and in the GitHub App's settings",
  );
const ApiTokens = z.string().transform((text, context) =>
  list(text).map((pair) => {
    const [, name, sha256] = /^([\w.@-]+):([0-9a-f]{64})$/i.exec(pair) ?? [];
    if (name && sha256) return { name, sha256: sha256.toLowerCase() };
    context.addIssue(
      "is not a list of name:sha256: set for each token a name, a colon and the output of `printf %s TOKEN | sha256sum`, with commas between",
    );
    return z.NEVER;
  }),
);
const Writes = z
  .string()
  .regex(
    /^[1-9]\d{0,5}\/[1-9]\d{0,6}$/,
    "is not two numbers such as 60/400: set the most content writes a minute and an hour for an installation",
  )
  .transform((text) => {
    const [minute = 0, hour = 0] = text.split("/").map(Number);
    return { minute, hour };
  });
const Channels = z.string().transform((text, context) => {
  const channels = z.record(z.string(), z.string().regex(/^\d+$/)).safeParse(json(text));
  if (!channels.success) context.addIssue('is not JSON of channel names and ids: set it such as {"conductor-e":"1234567890"}');
  return channels.data ?? z.NEVER;
});

const Environment = z.object({
  PORT: Port.prefault("3000"),
  HOST: z.string().prefault("127.0.0.1"),
  DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      error: "is not a Postgres URL: set one such as postgres://user:password@host:5432/name, or nothing for the embedded Postgres",
    })
    .optional(),
  APP_ID: AppId,
  PRIVATE_KEY: PrivateKey,
  WEBHOOK_SECRET: WebhookSecret,
  WEBHOOK_SECRET_PREVIOUS: WebhookSecret.optional(),
  REVIEW_APP_ID: AppId.optional(),
  REVIEW_PRIVATE_KEY: PrivateKey.optional(),
  GITHUB_API_URL: Url.prefault("https://api.github.com"),
  OIDC_ISSUER: Url.prefault("https://token.actions.githubusercontent.com"),
  RIG_PUBLIC_URL: Url.optional(),
  ANTHROPIC_API_KEY: z.string().optional(),
  ANTHROPIC_AUTH_TOKEN: z.string().optional(),
  ANTHROPIC_BASE_URL: Url.prefault("https://api.anthropic.com"),
  DISCORD_BOT_TOKEN: z.string().optional(),
  DISCORD_CHANNELS: Channels.optional(),
  DISCORD_WEBHOOK_URL: Url.optional(),
  DISCORD_API_URL: Url.prefault("https://discord.com/api"),
  RIG_API_TOKENS: ApiTokens.prefault(""),
  RIG_CTO: z.string().transform(list).prefault(""),
  GITHUB_WRITES: Writes.prefault("60/400"),
  RIG_PAUSED: z
    .enum(["0", "1"], "is neither 0 nor 1: set 1 to hear and show without dispatching or writing anything, else 0")
    .transform((flag) => flag === "1")
    .prefault("0"),
  METRICS_PORT: Port.prefault("9464"),
  LOG_LEVEL: z
    .enum(
      ["fatal", "error", "warn", "info", "debug", "trace", "silent"],
      "is not a log level: set fatal, error, warn, info, debug, trace or silent",
    )
    .prefault("info"),
  OTEL_EXPORTER_OTLP_ENDPOINT: Url.optional(),
});

export type Config = ReturnType<typeof readConfig>;

/** Reads and checks all of it; throws `ConfigError`. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env) {
  const given = withFiles(env);
  refuseContradictions(given);
  const parsed = Environment.safeParse(given);
  if (!parsed.success) throw new ConfigError(sentence(parsed.error.issues[0]));
  const { PORT, HOST, DATABASE_URL, RIG_PUBLIC_URL, OTEL_EXPORTER_OTLP_ENDPOINT, ...read } = parsed.data;
  return {
    port: PORT,
    host: HOST,
    /** Unset: the embedded Postgres. */
    databaseUrl: DATABASE_URL,
    app: { id: read.APP_ID, privateKey: read.PRIVATE_KEY } satisfies AppCredentials,
    reviewApp: credentials(read.REVIEW_APP_ID, read.REVIEW_PRIVATE_KEY),
    /** The present one, and during a rotation the one before. */
    webhookSecrets: [read.WEBHOOK_SECRET, read.WEBHOOK_SECRET_PREVIOUS].filter((secret) => secret !== undefined),
    githubApiUrl: read.GITHUB_API_URL,
    githubUrl: read.GITHUB_API_URL.replace(/^(https?:\/\/)api\./, "$1").replace(/\/api(\/v3)?$/, ""),
    oidcIssuer: read.OIDC_ISSUER,
    publicUrl: RIG_PUBLIC_URL,
    anthropic: { baseUrl: read.ANTHROPIC_BASE_URL, apiKey: read.ANTHROPIC_API_KEY, authToken: read.ANTHROPIC_AUTH_TOKEN },
    discord: {
      apiUrl: read.DISCORD_API_URL,
      botToken: read.DISCORD_BOT_TOKEN,
      channels: read.DISCORD_CHANNELS ?? {},
      webhookUrl: read.DISCORD_WEBHOOK_URL,
    },
    apiTokens: read.RIG_API_TOKENS,
    /** Most content writes of an installation in any minute and any hour (R5). */
    githubWrites: read.GITHUB_WRITES,
    cto: read.RIG_CTO,
    paused: read.RIG_PAUSED,
    metricsPort: read.METRICS_PORT,
    logLevel: read.LOG_LEVEL,
    otlpEndpoint: OTEL_EXPORTER_OTLP_ENDPOINT,
    /** What no log, comment or message may show (R20). */
    secrets: secretsOf(parsed.data),
  } as const;
}

/** An empty variable is an unset one, and `NAME_FILE` stands for `NAME`. */
function withFiles(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const given = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ""),
  );
  for (const name of secretNames) {
    const file = given[`${name}_FILE`];
    if (file === undefined) continue;
    if (given[name] !== undefined) throw new ConfigError(`${name} and ${name}_FILE are both set: keep the one you mean.`);
    try {
      given[name] = readFileSync(file, "utf8").trimEnd();
    } catch (error) {
      throw new ConfigError(
        `${name}_FILE names ${file}, which cannot be read (${(error as NodeJS.ErrnoException).code}): name a file that this user can read.`,
      );
    }
    if (given[name] === "") throw new ConfigError(`${name}_FILE names ${file}, which is empty: put the value of ${name} into it.`);
  }
  return given;
}

function refuseContradictions(given: Readonly<Record<string, string>>): void {
  const missing = ["APP_ID", "PRIVATE_KEY", "WEBHOOK_SECRET"].filter((name) => given[name] === undefined);
  if (missing.length > 0) {
    const names = missing.length > 1 ? `${missing.slice(0, -1).join(", ")} and ${missing.at(-1)} are` : `${missing[0]} is`;
    throw new ConfigError(
      `${names} not set: create the GitHub App from app.yml (GitHub → Settings → Developer settings → GitHub Apps → New), and set the App ID, the private key and the webhook secret that its page shows; \`npm run demo\` needs none of them.`,
    );
  }
  for (const [one, other] of [
    ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"],
    ["DISCORD_BOT_TOKEN", "DISCORD_WEBHOOK_URL"],
  ] as const) {
    if (given[one] !== undefined && given[other] !== undefined)
      throw new ConfigError(`${one} and ${other} are both set: keep the one you mean.`);
  }
  for (const [one, other] of [
    ["REVIEW_APP_ID", "REVIEW_PRIVATE_KEY"],
    ["REVIEW_PRIVATE_KEY", "REVIEW_APP_ID"],
    ["DISCORD_BOT_TOKEN", "DISCORD_CHANNELS"],
  ] as const) {
    if (given[one] !== undefined && given[other] === undefined)
      throw new ConfigError(`${other} is not set, and ${one} is of no use without it: set both or neither.`);
  }
}

const sentence = (issue: z.core.$ZodIssue | undefined) => `${String(issue?.path[0])} ${issue?.message}.`;

const credentials = (id: number | undefined, privateKey: string | undefined): AppCredentials | undefined =>
  id && privateKey ? { id, privateKey } : undefined;

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

/** Of URLs only the secret part: the rest is in honest log lines too. */
function secretsOf(read: z.infer<typeof Environment>): readonly string[] {
  const password = read.DATABASE_URL ? decodeURIComponent(new URL(read.DATABASE_URL).password) : "";
  const webhook = read.DISCORD_WEBHOOK_URL?.split("/").at(-1) ?? "";
  const named = [
    read.PRIVATE_KEY,
    read.REVIEW_PRIVATE_KEY,
    read.WEBHOOK_SECRET,
    read.WEBHOOK_SECRET_PREVIOUS,
    read.ANTHROPIC_API_KEY,
    read.ANTHROPIC_AUTH_TOKEN,
    read.DISCORD_BOT_TOKEN,
  ];
  // A password such as `postgres` is a common word: masking it would hide honest text and no secret.
  return [...named, webhook, password.length >= 12 ? password : ""].filter((secret): secret is string => Boolean(secret));
}
