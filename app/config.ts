/** The only reader of the environment: what it says is checked before anything starts. */
import { z } from "zod";
import {
  ApiTokens,
  AppId,
  Channels,
  DatabaseUrl,
  HookSecret,
  list,
  Port,
  PrivateKey,
  Token,
  Url,
  WebhookSecret,
  Writes,
} from "./config/fields.ts";
import { ConfigError, withFiles } from "./config/given.ts";

export { ConfigError };

/** One of the two GitHub Apps. */
export interface AppCredentials {
  readonly id: number;
  /** PEM. */
  readonly privateKey: string;
}

export type ApiToken = z.infer<typeof ApiTokens>[number];

const Environment = z.object({
  PORT: Port.prefault("3000"),
  HOST: z.string().prefault("127.0.0.1"),
  DATABASE_URL: DatabaseUrl.optional(),
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
  PROMETHEUS_URL: Url.optional(),
  PROMETHEUS_TOKEN: Token.optional(),
  FLUX_HOOK_SECRET: HookSecret.optional(),
  RIG_API_TOKENS: ApiTokens.prefault(""),
  RIG_CTO: z.string().transform(list).prefault(""),
  GITHUB_WRITES: Writes.prefault("60/400"),
  RIG_AGENTS: z.string().startsWith("/", "is no absolute path: name the folder from the root on").optional(),
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
    /** Whom the queries of `monitor.queries` are asked of. */
    prometheus: read.PROMETHEUS_URL ? { url: read.PROMETHEUS_URL, token: read.PROMETHEUS_TOKEN } : undefined,
    /** Unset: Flux is not heard. */
    fluxHookSecret: read.FLUX_HOOK_SECRET,
    apiTokens: read.RIG_API_TOKENS,
    /** Most content writes of an installation in any minute and any hour (R5). */
    githubWrites: read.GITHUB_WRITES,
    cto: read.RIG_CTO,
    /** A folder of agents besides the built-in ones, each a folder with its character.json. */
    agentsFolder: read.RIG_AGENTS,
    paused: read.RIG_PAUSED,
    metricsPort: read.METRICS_PORT,
    logLevel: read.LOG_LEVEL,
    otlpEndpoint: OTEL_EXPORTER_OTLP_ENDPOINT,
    /** What no log, comment or message may show (R20). */
    secrets: secretsOf(parsed.data),
  } as const;
}

export type CliConfig = ReturnType<typeof readCliConfig>;

const CliEnvironment = z.object({
  PORT: Port.prefault("3000"),
  RIG_URL: Url.optional(),
  RIG_TOKEN: Token.optional(),
  DATABASE_URL: DatabaseUrl.optional(),
});

/** What a command needs to reach the app or its database; throws `ConfigError`. */
export function readCliConfig(env: Readonly<Record<string, string | undefined>> = process.env) {
  const parsed = CliEnvironment.safeParse(withFiles(env, ["RIG_TOKEN", "DATABASE_URL"]));
  if (!parsed.success) throw new ConfigError(sentence(parsed.error.issues[0]));
  const { PORT, RIG_URL, RIG_TOKEN, DATABASE_URL } = parsed.data;
  return {
    url: RIG_URL ?? `http://127.0.0.1:${PORT}`,
    token: RIG_TOKEN,
    /** Unset: the embedded Postgres. */
    databaseUrl: DATABASE_URL,
    /** What no output may show (R20). */
    secrets: [RIG_TOKEN, passwordOf(DATABASE_URL)].filter((secret): secret is string => Boolean(secret)),
  } as const;
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
    ["PROMETHEUS_TOKEN", "PROMETHEUS_URL"],
  ] as const) {
    if (given[one] !== undefined && given[other] === undefined)
      throw new ConfigError(`${other} is not set, and ${one} is of no use without it: set both or neither.`);
  }
}

const sentence = (issue: z.core.$ZodIssue | undefined) => `${String(issue?.path[0])} ${issue?.message}.`;

const credentials = (id: number | undefined, privateKey: string | undefined): AppCredentials | undefined =>
  id && privateKey ? { id, privateKey } : undefined;

/** Of URLs only the secret part: the rest is in honest log lines too. */
function secretsOf(read: z.infer<typeof Environment>): readonly string[] {
  const webhook = read.DISCORD_WEBHOOK_URL?.split("/").at(-1) ?? "";
  const named = [
    read.PRIVATE_KEY,
    read.REVIEW_PRIVATE_KEY,
    read.WEBHOOK_SECRET,
    read.WEBHOOK_SECRET_PREVIOUS,
    read.ANTHROPIC_API_KEY,
    read.ANTHROPIC_AUTH_TOKEN,
    read.DISCORD_BOT_TOKEN,
    read.PROMETHEUS_TOKEN,
    read.FLUX_HOOK_SECRET,
  ];
  return [...named, webhook, passwordOf(read.DATABASE_URL)].filter((secret): secret is string => Boolean(secret));
}

/** A password such as `postgres` is a common word: masking it would hide honest text and no secret. */
function passwordOf(databaseUrl: string | undefined): string {
  const password = databaseUrl ? decodeURIComponent(new URL(databaseUrl).password) : "";
  return password.length >= 12 ? password : "";
}
