/** The stand-in world, whole: GitHub with its runner, the model, Discord, a hosting platform, and a shop whose people use the Rig. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { delimiter, dirname, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { startDiscord } from "./discord.ts";
import { type CreatedRepository, type GitHub, startGitHub } from "./github/github.ts";
import { startModel } from "./model.ts";
import { startPlatform } from "./platform.ts";
import { type StandInRunner, startRunner } from "./runner/runner.ts";
import { type Branch, branches, type Differences, openBefore, readFiles, shopFiles } from "./shop.ts";

export type World = Awaited<ReturnType<typeof startWorld>>;

const ROOT = join(import.meta.dirname, "../..");
const RIG = { owner: "engineering-rig", name: "engineering-rig", fullName: "engineering-rig/engineering-rig" };
const OWNER = "acme";
const SHOP = "shop";
const ENVIRONMENTS = ["staging", "production"] as const;
/** The supplier is nobody's environment: a story lets it run, or does not. */
const HOSTS = [...ENVIRONMENTS, "supplier"] as const;

const Level = z.enum(["read", "write"]);
const Manifest = z.object({ name: z.string(), default_permissions: z.record(z.string(), Level), default_events: z.array(z.string()) });

export interface WorldOptions {
  readonly latencyMs?: number;
  /** Repositories beside the shop: the same files under other policies. */
  readonly branches?: readonly Branch[];
  readonly shop?: OwnShop;
  /** More repositories beside the shop, by name. */
  readonly repositories?: Readonly<Record<string, OwnShop>>;
}

/** What a shop has besides its own files, by path; what its policy says differently; the reviewers of its environments. */
export interface OwnShop {
  readonly files?: Readonly<Record<string, string>>;
  readonly policy?: Differences;
  readonly environments?: Readonly<Record<string, readonly string[]>>;
  /** It was open already when its people began with the Rig: its production runs. */
  readonly openBefore?: boolean;
}

/** Everything runs on 127.0.0.1 and ends with `close`. The app itself is started apart, at `rigUrl`. */
export async function startWorld({ latencyMs = 0, branches: wanted = [], shop: ownShop = {}, repositories = {} }: WorldOptions = {}) {
  const others: Readonly<Record<string, OwnShop>> = {
    ...Object.fromEntries(wanted.map((branch) => [branch, { policy: branches[branch], openBefore: openBefore.has(branch) }])),
    ...repositories,
  };
  const modelKey = `sk-ant-${randomBytes(24).toString("hex")}`;
  const botToken = randomBytes(24).toString("base64url");
  const [github, model, discord, platform] = await Promise.all([
    startGitHub({ latencyMs }),
    startModel({ key: modelKey }),
    startDiscord({ botToken }),
    startPlatform([...ENVIRONMENTS, ...Object.keys(others).flatMap((other) => HOSTS.map((name) => `${other}/${name}`))]),
  ]);
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const runner = await startRunner(github.actions, { rigRoot: ROOT, rigRepository: RIG.fullName, path });
  github.useRunner(runner);
  const rigUrl = `http://127.0.0.1:${await freePort()}`;
  const people = { maria: github.createUser("maria"), jonas: github.createUser("jonas"), guest: github.createUser("guest") };
  const rigSha = await hostRig(github);
  const plan: ShopPlan = {
    rigUrl,
    platformUrl: platform.url,
    rigSha,
    urlOf: (name) => platform.environment(name)?.url ?? "",
    begin: platform.begin,
  };
  github.createOrganization(OWNER);
  const [shop, ...opened] = await Promise.all([
    openShop(github, plan, SHOP, ownShop),
    ...Object.entries(others).map(([name, own]) => openShop(github, plan, name, own)),
  ]);
  const apps = await createApps(
    github,
    rigUrl,
    [shop, ...opened].map(({ name }) => name),
  );
  return {
    github,
    runner,
    model: { ...model, key: modelKey },
    discord: { ...discord, botToken, channels: { "conductor-e": "1001", admin: "1002" } as const },
    platform,
    /** Where the app is to listen: the shop's variables and the App's webhooks lead there. */
    rigUrl,
    /** The commit of the Rig's own repository that callers name. */
    rigSha,
    people,
    shop,
    /** One of the repositories that were asked for beside the shop. */
    branch: (name: string): CreatedRepository => {
      const found = opened.find((repository) => repository.name === name);
      if (!found) throw new Error(`This world has no ${name}: start it with that branch, or that repository.`);
      return found;
    },
    apps,
    /** What somebody did that the real world would not have taken, in sentences. */
    violations: (): readonly string[] => [
      ...github.violations.map(
        ({ side, operation, path, errors }) =>
          `GitHub's description of ${operation} and a ${side} disagree at ${path}: ${errors.join("; ")}`,
      ),
      ...github.unknownRoutes.map((route) => `The stand-in GitHub has no ${route}.`),
      ...discord.violations.map((violation) => `Discord: ${violation}`),
      ...model.unmatched(),
    ],
    close: () => closeAll({ github, runner, closers: [model.close, discord.close, platform.close] }),
  };
}

/** The Rig's own repository: what a caller's `uses:` leads to. */
async function hostRig(github: GitHub): Promise<string> {
  github.createOrganization(RIG.owner);
  const folders = [".github/workflows", "actions/run-agent", "actions/publish"];
  const files = Object.assign({}, ...(await Promise.all(folders.map((folder) => readFiles(ROOT, folder)))));
  const served = Object.entries(files).filter(([name]) => !name.endsWith(".ts")) as [string, string][];
  return (await github.createRepository({ ...RIG, files: Object.fromEntries(served) })).headSha;
}

interface ShopPlan {
  readonly rigUrl: string;
  readonly platformUrl: string;
  readonly rigSha: string;
  readonly urlOf: (environment: string) => string;
  readonly begin: (environment: string, sha: string, files: Readonly<Record<string, string>>) => Promise<void>;
}

/** The shop belongs to a company: Maria owns it, Jonas develops it, a guest may look. */
async function openShop(
  github: GitHub,
  { rigUrl, platformUrl, rigSha, urlOf, begin }: ShopPlan,
  name: string,
  { files: more, policy, environments = {}, openBefore: isOpen = false }: OwnShop,
): Promise<CreatedRepository> {
  const below = name === SHOP ? "" : `${name}/`;
  const addresses = {
    staging: urlOf(`${below}staging`),
    production: urlOf(`${below}production`),
    supplier: urlOf(`${below}supplier`),
    rigSha,
  };
  const files = { ...(await shopFiles(addresses, policy)), ...more };
  const opened = await github.createRepository({
    owner: OWNER,
    name,
    files,
    environments,
    collaborators: { maria: "admin", jonas: "write", guest: "read" },
    private: true,
    variables: { RIG_URL: rigUrl, PLATFORM: name === SHOP ? platformUrl : `${platformUrl}/${name}` },
    rules: { requiredChecks: ["Test"], requirePullRequest: true },
    labels: ["bug", "agent-ready", "critical", "high-priority"],
  });
  if (isOpen) await begin(`${below}production`, opened.headSha, files);
  return opened;
}

/** The Rig's App as its manifest describes it, and Review-E's, which is another so that nobody approves their own work. */
async function createApps(github: GitHub, rigUrl: string, repositories: readonly string[]) {
  const manifest = Manifest.parse(parse(await readFile(join(ROOT, "app.yml"), "utf8")));
  const webhookSecret = randomBytes(32).toString("hex");
  const rig = github.createApp({
    slug: RIG.name,
    name: manifest.name,
    permissions: manifest.default_permissions,
    events: manifest.default_events,
    webhookUrl: `${rigUrl}/api/github/webhooks`,
    webhookSecret,
  });
  const review = github.createApp({
    slug: "review-e",
    name: "Review-E",
    permissions: { pull_requests: "write", checks: "write", contents: "read", metadata: "read" },
    events: [],
  });
  github.install(rig.id, OWNER, repositories);
  github.install(review.id, OWNER, repositories);
  return { rig: { ...rig, webhookSecret }, review };
}

interface Closing {
  readonly github: GitHub;
  readonly runner: StandInRunner;
  readonly closers: readonly (() => Promise<void>)[];
}

async function closeAll({ github, runner, closers }: Closing): Promise<void> {
  await runner.stop();
  await Promise.all(closers.map((close) => close()));
  await github.close();
}

/** A port nobody has now; the app takes it each time it starts, so that it keeps its address. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === "string") throw new Error("The system gave no port.");
  return address.port;
}
