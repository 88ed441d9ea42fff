import { createRequire } from "node:module";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import pg from "pg";
import { readManifest } from "../../app/cli/doctor/apps.ts";
import { type Ruleset, rulesetFor } from "../../app/cli/doctor/ruleset.ts";
import { createTestDatabase } from "../support/postgres.ts";
import { newAjv } from "../world/github/contract/kept-validators.ts";
import { freePort } from "../world/world.ts";
import { type SmallWorld, smallWorld, statusOf, till } from "../world-github/small-world.ts";
import { rig, serve } from "./rig.ts";

let world: SmallWorld;
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let app: ReturnType<SmallWorld["github"]["createApp"]>;
let reviewer: ReturnType<SmallWorld["github"]["createApp"]>;
let env: Readonly<Record<string, string>>;

const owners = { ".github/CODEOWNERS": "* @ann @bob\n" };
/** Where the App's webhooks go. */
let door: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  [world, database] = await Promise.all([smallWorld({}, { private: true }), createTestDatabase()]);
  door = await serve((_, answer) => answer.writeHead(202).end());
  const webhookUrl = `${door.url}/api/github/webhooks`;
  const { github, secret: webhookSecret } = world;
  const { default_permissions, default_events } = await readManifest();
  const { metadata: _, ...permissions } = default_permissions as Record<string, "read" | "write">;
  app = github.createApp({ slug: "the-rig", name: "The Rig", permissions, events: default_events, webhookUrl, webhookSecret });
  reviewer = github.createApp({
    slug: "review-e",
    name: "Review-E",
    permissions: { contents: "read", pull_requests: "write", checks: "write" },
    events: [],
  });
  github.install(app.id, "ann", ["till"]);
  env = {
    APP_ID: String(app.id),
    PRIVATE_KEY: app.privateKey,
    WEBHOOK_SECRET: webhookSecret,
    REVIEW_APP_ID: String(reviewer.id),
    REVIEW_PRIVATE_KEY: reviewer.privateKey,
    GITHUB_API_URL: github.apiUrl,
    DATABASE_URL: database.url,
    ANTHROPIC_API_KEY: "a-key-of-the-model",
    RIG_PUBLIC_URL: door.url,
    RIG_CTO: "ann",
  };
  await world.push("main", owners);
});
beforeEach(() => world.github.setRules("ann/till", {}));
afterAll(async () => {
  await database.close();
  await world.close();
  await door.close();
});

interface Told {
  readonly findings: number;
  readonly checks: readonly {
    readonly repository?: string;
    readonly name: string;
    readonly verdict: string;
    readonly says: string;
    readonly wayOut?: string;
  }[];
  readonly unlocked: readonly string[];
  readonly ruleset: Ruleset | null;
}

async function told(change: Readonly<Record<string, string>> = {}, ...args: readonly string[]) {
  const { code, out, err } = await rig({ ...env, ...change }, "doctor", "--json", ...args);
  if (code !== 0 && code !== 1) throw new Error(`The doctor ended with ${code}: ${err}`);
  const answer: Told = JSON.parse(out);
  const found = answer.checks.filter(({ verdict }) => verdict === "finding");
  expect({ findings: answer.findings, code }).toEqual({ findings: found.length, code: found.length > 0 ? 1 : 0 });
  // Every finding says what to do.
  expect(found.filter(({ wayOut }) => !wayOut)).toEqual([]);
  return { ...answer, found, named: (name: string) => answer.checks.filter((check) => check.name === name) };
}

const importRuleset = (ruleset: Ruleset) => world.ann.request("POST /repos/{owner}/{repo}/rulesets", { ...till, ...ruleset } as never);

test("a branch that is not locked is told by each thing it lacks, and locked by the ruleset that the doctor writes", async () => {
  const before = await told();
  expect(before.unlocked).toEqual(["ann/till"]);
  expect(before.found.map(({ name }) => name)).toEqual(
    ["pull request", "code owners", "stale reviews", "last push", "rig/gates", "force push", "deletion"].map(
      (name) => `branch rules: ${name}`,
    ),
  );
  expect(before.found[0]?.wayOut).toContain("gh api repos/ann/till/rulesets --input -");

  const printed = await rig(env, "doctor", "--ruleset");
  expect(printed).toMatchObject({ code: 0, err: "" });
  const ruleset: Ruleset = JSON.parse(printed.out);
  expect(ruleset).toEqual(before.ruleset);
  await importRuleset(ruleset);
  const after = await rig(env, "doctor");
  expect(after).toMatchObject({ code: 0, err: "" });
  expect(after.out).toContain("ok       ann/till branch rules: main is protected as the Rig asks.");
  expect(after.out).toMatch(/\nNothing is to be done\.\n$/);
  expect(await statusOf(importRuleset(ruleset))).toBe(422);
});

test("the ruleset is what GitHub's own description takes", () => {
  const require = createRequire(import.meta.url);
  const { paths, components } = require("@octokit/openapi/generated/api.github.com.json");
  const { schema } = paths["/repos/{owner}/{repo}/rulesets"].post.requestBody.content["application/json"];
  const ajv = newAjv({ strict: false, validateFormats: false, allErrors: true, meta: false, validateSchema: false });
  ajv.addSchema({ $id: "github", components });
  const validate = ajv.compile({ $id: "asked", ...inDescription(schema) });
  const faults = (body: object) => (validate(body) ? [] : (validate.errors ?? []));
  expect(faults(rulesetFor(4242))).toEqual([]);
  expect(faults({ ...rulesetFor(4242), enforcement: "on" })).not.toEqual([]);
  // What no rule of the description is would be told.
  expect(faults({ ...rulesetFor(4242), rules: [{ type: "pull_requests" }] })).not.toEqual([]);
});

const inDescription = (schema: object): object => JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"github#/components'));

test("an App of the Rig on the bypass list is a finding that no ruleset cures; without CODEOWNERS nobody can open a gate", async () => {
  await world.push("main", { ".github/CODEOWNERS": null });
  world.github.setRules("ann/till", { ...rulesOf(), bypassActors: [{ type: "Integration", id: app.id }] });
  const { found, ruleset } = await told();
  expect(found.map(({ name, wayOut }) => [name, wayOut])).toEqual([
    ["CODEOWNERS", expect.stringContaining("Add .github/CODEOWNERS")],
    ["branch rules: bypass", "Take the Rig's Apps off the bypass lists (Settings → Rules → Rulesets)."],
  ]);
  expect(ruleset).toBeNull();
  world.github.setRules("ann/till", {});
  await world.push("main", owners);
});

const rulesOf = () => ({
  requirePullRequest: true,
  requiredApprovals: 1,
  requireCodeOwnerReview: true,
  dismissStaleReviews: true,
  requireLastPushApproval: true,
  requiredChecks: ["rig/gates"],
  checkSources: { "rig/gates": app.id },
});

test("a rig.yml that is not valid is told with line and column, CODEOWNERS with the line that GitHub passes over", async () => {
  world.github.setRules("ann/till", {});
  await world.push("main", {
    ".github/rig.yml": "mode: active\nmerge:\n  metod: squash\n",
    ".github/CODEOWNERS": "* @ann\n/src/ @nobody-at-all\n",
  });
  world.github.setRules("ann/till", rulesOf());
  try {
    const { found } = await told();
    expect(found.map(({ repository, name, says }) => [repository, name, says])).toEqual([
      ["ann/till", "rig.yml", ".github/rig.yml:3:3 merge.metod is not a key of rig.yml"],
      ["ann/till", "CODEOWNERS", expect.stringMatching(/^\.github\/CODEOWNERS:2 /)],
    ]);
  } finally {
    world.github.setRules("ann/till", {});
    await world.push("main", { ".github/rig.yml": null, ...owners });
  }
});

test("what the App lacks of app.yml is a finding each", async () => {
  const { github, secret: webhookSecret } = world;
  const poor = github.createApp({ slug: "poor", name: "Poor", permissions: { issues: "read" }, events: ["issues"], webhookSecret });
  const { found, checks } = await told({ APP_ID: String(poor.id), PRIVATE_KEY: poor.privateKey });
  expect(found.map(({ name }) => name)).toEqual(["app permissions", "app events", "webhook", "installation"]);
  expect(found[0]?.says).toContain("contents: write (it has none)");
  expect(found[1]?.says).toContain("pull_request_review");
  expect(checks.find(({ name }) => name === "app")?.verdict).toBe("ok");
});

test("a key that is not the App's ends the questions to GitHub with one sentence", async () => {
  const { found } = await told({ PRIVATE_KEY: reviewer.privateKey });
  expect(found.map(({ name }) => name)).toEqual(["app"]);
  expect(found[0]?.says).toContain("does not answer to APP_ID and PRIVATE_KEY");
});

test("an environment that the app would refuse is told in its own words, and GitHub is not asked", async () => {
  const { found, checks } = await told({ WEBHOOK_SECRET: "development" });
  expect(found).toMatchObject([{ name: "environment", says: expect.stringContaining("WEBHOOK_SECRET is the word development") }]);
  expect(checks.map(({ name }) => name)).toEqual(["environment", "database"]);
});

test("what the app starts without is told: agents and people would miss it", async () => {
  world.github.setRules("ann/till", rulesOf());
  const { found } = await told({ ANTHROPIC_API_KEY: "", RIG_PUBLIC_URL: "", RIG_CTO: "" });
  expect(found.map(({ name }) => name)).toEqual(["model", "public address", "RIG_CTO"]);
});

test("a webhook that leads elsewhere, and a CTO who is nobody or no person", async () => {
  world.github.setRules("ann/till", rulesOf());
  const { found } = await told({ RIG_PUBLIC_URL: "https://other.example.com", RIG_CTO: "ghost-of-nobody,the-rig[bot],ann" });
  expect(found.map(({ name, says }) => [name, says])).toEqual([
    ["webhook", expect.stringContaining("where the app does not listen")],
    ["RIG_CTO", "GitHub knows nobody called ghost-of-nobody."],
    ["RIG_CTO", expect.stringContaining("the-rig[bot] is no person")],
  ]);
});

test("without an App of its own Review-E is noted, and Discord where none is configured: neither is a finding", async () => {
  world.github.setRules("ann/till", rulesOf());
  const { checks, found } = await told({ REVIEW_APP_ID: "", REVIEW_PRIVATE_KEY: "" });
  expect(checks.filter(({ verdict }) => verdict === "note").map(({ name }) => name)).toEqual(["discord", "review app"]);
  expect(found).toEqual([]);
});

test("Review-E with the Rig's own App is a finding, and so is a repository where the App is not installed", async () => {
  const { found } = await told({ REVIEW_APP_ID: String(app.id), REVIEW_PRIVATE_KEY: app.privateKey }, "--repo", "ann/elsewhere");
  expect(found.map(({ name, says }) => [name, says])).toEqual([
    ["review app", expect.stringContaining("the Rig's own App")],
    ["installation", "The App is not installed in ann/elsewhere."],
  ]);
});

test("a database that does not answer, and one that the app has not brought up to date", async () => {
  // Where the environment is refused, the database is looked at all the same.
  const databaseOf = async (DATABASE_URL: string) => (await told({ DATABASE_URL, APP_ID: "" })).named("database");
  expect(await databaseOf(`postgres://nobody@127.0.0.1:${await freePort()}/rig`)).toMatchObject([
    { verdict: "finding", says: expect.stringContaining("does not answer") },
  ]);
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  await owner.query("delete from rig.migrations where name like '0001%'").finally(() => owner.end());
  expect(await databaseOf(database.url)).toMatchObject([
    { verdict: "finding", says: "It lacks 1 migration, the first of them 0001_events." },
  ]);
});

test("Discord is asked for each channel and nothing is written there; no secret is shown", async () => {
  const asked: string[] = [];
  const discord = await serve((request, answer) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    answer.writeHead(request.url?.endsWith("/11") ? 200 : 403, { "content-type": "application/json" }).end("{}");
  });
  const token = "a-token-of-the-bot-that-nobody-sees";
  const change = { DISCORD_API_URL: discord.url, DISCORD_BOT_TOKEN: token, DISCORD_CHANNELS: '{"admin": "11", "conductor-e": "12"}' };
  try {
    const { checks } = await told(change);
    expect(checks.filter(({ name }) => name.startsWith("discord")).map(({ name, verdict }) => [name, verdict])).toEqual([
      ["discord #admin", "ok"],
      ["discord #conductor-e", "finding"],
    ]);
    expect(asked.toSorted()).toEqual([`GET /v10/channels/11 Bot ${token}`, `GET /v10/channels/12 Bot ${token}`]);
    expect(JSON.stringify(checks)).not.toContain(token);
    const hook = await told({ DISCORD_API_URL: discord.url, DISCORD_WEBHOOK_URL: "https://discord.example/api/webhooks/99/a-secret-part" });
    expect(hook.named("discord")).toMatchObject([{ verdict: "finding", says: expect.stringContaining("403") }]);
    expect(JSON.stringify(hook)).not.toContain("a-secret-part");
  } finally {
    await discord.close();
  }
});

test("what is not a repository is a question of usage", async () => {
  expect(await rig(env, "doctor", "--repo", "till")).toMatchObject({
    code: 2,
    out: "",
    err: expect.stringContaining("write it as owner/name"),
  });
});

test("all that was asked agrees with GitHub's own description", async () => {
  await world.github.deliveries.settled();
  expect([world.github.violations, world.github.unknownRoutes]).toEqual([[], []]);
});
