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
import { type Branch, branches, type Differences, readFiles, shopFiles } from "./shop.ts";

export type World = Awaited<ReturnType<typeof startWorld>>;

const ROOT = join(import.meta.dirname, "../..");
const RIG = { owner: "engineering-rig", name: "engineering-rig", fullName: "engineering-rig/engineering-rig" };
const OWNER = "acme";
const SHOP = "shop";
const ENVIRONMENTS = ["staging", "production"] as const;

const Level = z.enum(["read", "write"]);
const Manifest = z.object({ name: z.string(), default_permissions: z.record(z.string(), Level), default_events: z.array(z.string()) });

export interface WorldOptions {
  readonly latencyMs?: number;
  /** Repositories beside the shop: the same files under other policies. */
  readonly branches?: readonly Branch[];
  /** What the shop has besides its own files, by path, and what its policy says differently. */
  readonly shop?: { readonly files?: Readonly<Record<string, string>>; readonly policy?: Differences };
}

/** Everything runs on 127.0.0.1 and ends with `close`. The app itself is started apart, at `rigUrl`. */
export async function startWorld({ latencyMs = 0, branches: wanted = [], shop: ownShop = {} }: WorldOptions = {}) {
  const modelKey = `sk-ant-${randomBytes(24).toString("hex")}`;
  const botToken = randomBytes(24).toString("base64url");
  const [github, model, discord, platform] = await Promise.all([
    startGitHub({ latencyMs }),
    startModel({ key: modelKey }),
    startDiscord({ botToken }),
    startPlatform([...ENVIRONMENTS, ...wanted.flatMap((branch) => ENVIRONMENTS.map((name) => `${branch}/${name}`))]),
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
    own: ownShop,
  };
  github.createOrganization(OWNER);
  const opened = await Promise.all(([undefined, ...wanted] as const).map((branch) => openShop(github, plan, branch)));
  const [shop] = opened;
  if (!shop) throw new Error("The shop was not opened.");
  const apps = await createApps(
    github,
    rigUrl,
    opened.map(({ name }) => name),
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
    branch: (name: Branch): CreatedRepository => {
      const found = opened.find((repository) => repository.name === name);
      if (!found) throw new Error(`This world has no ${name}: start it with \`branches: ["${name}"]\`.`);
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
  readonly own: NonNullable<WorldOptions["shop"]>;
}

/** The shop belongs to a company: Maria owns it, Jonas develops it, a guest may look. */
async function openShop(
  github: GitHub,
  { rigUrl, platformUrl, rigSha, urlOf, own }: ShopPlan,
  branch?: Branch,
): Promise<CreatedRepository> {
  const below = branch ? `${branch}/` : "";
  const addresses = { staging: urlOf(`${below}staging`), production: urlOf(`${below}production`), rigSha };
  return github.createRepository({
    owner: OWNER,
    name: branch ?? SHOP,
    files: branch ? await shopFiles(addresses, branches[branch]) : { ...(await shopFiles(addresses, own.policy)), ...own.files },
    collaborators: { maria: "admin", jonas: "write", guest: "read" },
    private: true,
    variables: { RIG_URL: rigUrl, PLATFORM: branch ? `${platformUrl}/${branch}` : platformUrl },
    rules: { requiredChecks: ["Test"], requirePullRequest: true },
    labels: ["bug", "agent-ready", "critical", "high-priority"],
  });
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
