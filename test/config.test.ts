import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { ConfigError, readConfig } from "../app/config.ts";

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
});
const secret = "s3cret-of-thirty-two-bytes-or-more";
const enough = { APP_ID: "42", PRIVATE_KEY: privateKey, WEBHOOK_SECRET: secret };
const folder = mkdtempSync(path.join(tmpdir(), "rig-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

const refusal = (env: Record<string, string | undefined>): string => {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "nothing refused";
};

test("the App's three values are enough, and everything else has the documented default", () => {
  expect(readConfig(enough)).toMatchObject({
    port: 3000,
    host: "127.0.0.1",
    databaseUrl: undefined,
    app: { id: 42, privateKey },
    reviewApp: undefined,
    webhookSecrets: [secret],
    githubApiUrl: "https://api.github.com",
    githubUrl: "https://github.com",
    oidcIssuer: "https://token.actions.githubusercontent.com",
    publicUrl: undefined,
    anthropic: { baseUrl: "https://api.anthropic.com" },
    discord: { apiUrl: "https://discord.com/api", channels: {} },
    prometheus: undefined,
    fluxHookSecret: undefined,
    apiTokens: [],
    cto: [],
    agentsFolder: undefined,
    paused: false,
    metricsPort: 9464,
    logLevel: "info",
  });
});

test("without the App's values the sentence names them and says how to get them", () => {
  expect(refusal({})).toMatch(/^APP_ID, PRIVATE_KEY and WEBHOOK_SECRET are not set: create the GitHub App from app\.yml/);
  expect(refusal({ ...enough, WEBHOOK_SECRET: "" })).toMatch(/^WEBHOOK_SECRET is not set: create the GitHub App/);
});

test.each([
  ["PORT", "http", /^PORT is not a port: set a number/],
  ["PORT", "70000", /^PORT is not a port/],
  ["METRICS_PORT", "-1", /^METRICS_PORT is not a port/],
  ["RIG_AGENTS", "relative/folder", /^RIG_AGENTS is no absolute path/],
  ["DATABASE_URL", "mysql://localhost/x", /^DATABASE_URL is not a Postgres URL/],
  ["APP_ID", "my-app", /^APP_ID is not a number/],
  ["PRIVATE_KEY", "-----BEGIN RSA PRIVATE KEY-----\nnonsense\n-----END RSA PRIVATE KEY-----", /^PRIVATE_KEY is not a PEM private key/],
  ["WEBHOOK_SECRET", "development", /^WEBHOOK_SECRET is the word development/],
  ["WEBHOOK_SECRET", "short", /^WEBHOOK_SECRET is shorter than 32 bytes/],
  ["WEBHOOK_SECRET_PREVIOUS", "short", /^WEBHOOK_SECRET_PREVIOUS is shorter than 32 bytes/],
  ["REVIEW_APP_ID", "43", /^REVIEW_PRIVATE_KEY is not set, and REVIEW_APP_ID is of no use without it/],
  ["GITHUB_API_URL", "api.github.com", /^GITHUB_API_URL is not an http or https URL/],
  ["OIDC_ISSUER", "ftp://x", /^OIDC_ISSUER is not an http or https URL/],
  ["DISCORD_BOT_TOKEN", "bot-token", /^DISCORD_CHANNELS is not set, and DISCORD_BOT_TOKEN is of no use without it/],
  ["DISCORD_CHANNELS", "conductor-e=1", /^DISCORD_CHANNELS is not JSON of channel names and ids/],
  ["PROMETHEUS_URL", "prometheus:9090", /^PROMETHEUS_URL is not an http or https URL/],
  ["PROMETHEUS_TOKEN", "a-token", /^PROMETHEUS_URL is not set, and PROMETHEUS_TOKEN is of no use without it/],
  ["FLUX_HOOK_SECRET", "short", /^FLUX_HOOK_SECRET is shorter than 32 bytes/],
  ["RIG_API_TOKENS", "ci:abc", /^RIG_API_TOKENS is not a list of name:sha256/],
  ["RIG_PAUSED", "yes", /^RIG_PAUSED is neither 0 nor 1/],
  ["LOG_LEVEL", "loud", /^LOG_LEVEL is not a log level/],
])("%s=%s is refused in one sentence", (name, value, sentence) => {
  const message = refusal({ ...enough, [name]: value });
  expect(message).toMatch(sentence);
  expect(message).not.toContain("\n");
});

test("a refusal never shows the value of a secret", () => {
  expect(refusal({ ...enough, WEBHOOK_SECRET: "hunter2-hunter2" })).not.toContain("hunter2");
  expect(refusal({ ...enough, DATABASE_URL: "mysql://u:hunter2@h/x" })).not.toContain("hunter2");
});

test.each([
  ["with literal \\n", privateKey.trim().replaceAll("\n", "\\n")],
  ["in base64", Buffer.from(privateKey).toString("base64")],
])("a private key is understood %s", (_, written) => {
  expect(readConfig({ ...enough, PRIVATE_KEY: written }).app.privateKey).toBe(privateKey);
});

test("every secret may be a file, and not both", () => {
  const file = path.join(folder, "key.pem");
  writeFileSync(file, privateKey);
  const { PRIVATE_KEY: _, ...rest } = enough;
  expect(readConfig({ ...rest, PRIVATE_KEY_FILE: file }).app.privateKey).toBe(privateKey);
  writeFileSync(path.join(folder, "flux"), `${secret}\n`);
  expect(readConfig({ ...enough, FLUX_HOOK_SECRET_FILE: path.join(folder, "flux") }).fluxHookSecret).toBe(secret);
  expect(refusal({ ...enough, PRIVATE_KEY_FILE: file })).toBe("PRIVATE_KEY and PRIVATE_KEY_FILE are both set: keep the one you mean.");
  expect(refusal({ ...rest, PRIVATE_KEY_FILE: path.join(folder, "none") })).toMatch(
    /^PRIVATE_KEY_FILE names .*none, which cannot be read \(ENOENT\)/,
  );
});

test("a rotation has two webhook secrets", () => {
  const before = `${secret}-before`;
  expect(readConfig({ ...enough, WEBHOOK_SECRET_PREVIOUS: before }).webhookSecrets).toEqual([secret, before]);
});

test("tokens, channels and logins are read as lists", () => {
  const hash = "a".repeat(64);
  const read = readConfig({
    ...enough,
    RIG_API_TOKENS: `ci:${hash}, anna:${hash}`,
    RIG_CTO: "anna, bo",
    DISCORD_BOT_TOKEN: "t",
    DISCORD_CHANNELS: '{"admin":"7"}',
  });
  expect(read.apiTokens).toEqual([
    { name: "ci", sha256: hash },
    { name: "anna", sha256: hash },
  ]);
  expect(read.cto).toEqual(["anna", "bo"]);
  expect(read.discord.channels).toEqual({ admin: "7" });
});

test("what must not be shown is listed, and a URL's public part is not among it", () => {
  const { secrets } = readConfig({
    ...enough,
    ANTHROPIC_API_KEY: "sk-ant-example",
    DATABASE_URL: "postgres://rig:a-long%20password@db:5432/rig",
    DISCORD_WEBHOOK_URL: "https://discord.com/api/webhooks/1/hook-token",
    PROMETHEUS_URL: "https://prometheus.example.com/",
    PROMETHEUS_TOKEN: "token-of-prometheus",
    FLUX_HOOK_SECRET: `${secret}-of-flux`,
  });
  expect(secrets).toEqual(expect.arrayContaining([privateKey, secret, "sk-ant-example", "a-long password", "hook-token"]));
  expect(secrets).toEqual(expect.arrayContaining(["token-of-prometheus", `${secret}-of-flux`]));
  expect(secrets.some((value) => value.includes("discord.com") || value.includes("db:5432"))).toBe(false);
});

test.each([
  ["https://api.github.com", "https://github.com"],
  ["https://github.example.com/api/v3", "https://github.example.com"],
  ["https://api.octo.ghe.com", "https://octo.ghe.com"],
  ["http://127.0.0.1:4000/api/v3/", "http://127.0.0.1:4000"],
])("the REST root %s belongs to %s", (GITHUB_API_URL, githubUrl) => {
  expect(readConfig({ ...enough, GITHUB_API_URL }).githubUrl).toBe(githubUrl);
});
