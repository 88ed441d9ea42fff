/** GitHub as the app reaches it: Probot for authentication and clients, with GitHub's own limits kept. */
import type { ThrottlingOptions } from "@octokit/plugin-throttling";
import Bottleneck from "bottleneck";
import { Probot, ProbotOctokit } from "probot";
import type { Config } from "./config.ts";
import type { Log } from "./log.ts";

export type Octokit = InstanceType<typeof ProbotOctokit>;

/** F10: a call that hangs is given up. The outcome of a write is then unknown, and its executor probes. */
const CALL_MS = 15_000;

export interface GitHub {
  readonly probot: Probot;
  /** A client for one installation of the Rig's App. */
  readonly installation: (installationId: number) => Promise<Octokit>;
  /** A client that speaks as the App itself. */
  readonly app: () => Promise<Octokit>;
  /** User ids of our own bot accounts. */
  readonly identities: () => Promise<Identities>;
  /** A one-hour token for one repository. */
  readonly mintToken: (wanted: TokenRequest) => Promise<{ readonly token: string; readonly expiresAt: string }>;
}

export interface Identities {
  readonly rig: number;
  readonly rigAppId: number;
  readonly review?: number;
}

export interface TokenRequest {
  readonly app: "rig" | "review";
  readonly installationId: number;
  readonly repositoryId: number;
  readonly permissions: Readonly<Record<string, "read" | "write">>;
}

export function connectGitHub(config: Config, log: Log): GitHub {
  const Client = clientFor(config, log);
  const probotOf = ({ id, privateKey }: { readonly id: number; readonly privateKey: string }) =>
    new Probot({ appId: id, privateKey, secret: config.webhookSecrets[0], Octokit: Client, baseUrl: config.githubApiUrl, log });
  const probot = probotOf(config.app);
  const reviewer = config.reviewApp ? probotOf(config.reviewApp) : undefined;
  const app = async () => (await probot.ready()).auth();
  return {
    probot,
    app,
    installation: async (installationId) => (await probot.ready()).auth(installationId),
    identities: once(async () => {
      const people = await anyInstallation(probot);
      const review = reviewer ? await botId(await (await reviewer.ready()).auth(), people) : undefined;
      return { rig: await botId(await app(), people), rigAppId: config.app.id, ...(review ? { review } : {}) };
    }),
    mintToken: async (wanted) => {
      const byReviewer = wanted.app === "review" && reviewer;
      const client = byReviewer ? await (await reviewer.ready()).auth() : await app();
      const installation_id = byReviewer ? await installationOf(client, await app(), wanted) : wanted.installationId;
      const { data } = await client.rest.apps.createInstallationAccessToken({
        installation_id,
        repository_ids: [wanted.repositoryId],
        permissions: { ...wanted.permissions },
      });
      return { token: data.token, expiresAt: data.expires_at };
    },
  };
}

/** GitHub.com asks for a second between writes and more between notifications; GitHub Enterprise Server has no such limits of its own. */
function clientFor({ githubApiUrl }: Config, log: Log): typeof ProbotOctokit {
  const unpaced = () => new Bottleneck.Group({ maxConcurrent: 10 });
  const pace = githubApiUrl === "https://api.github.com" ? {} : { write: unpaced(), notifications: unpaced() };
  const throttle: ThrottlingOptions = {
    enabled: true,
    ...pace,
    onRateLimit: (retryAfter, { method, url }, _octokit, retries) => waitOut("rate limit", retryAfter, `${method} ${url}`, retries, log),
    onSecondaryRateLimit: (retryAfter, { method, url }, _octokit, retries) =>
      waitOut("secondary rate limit", retryAfter, `${method} ${url}`, retries, log),
  };
  const bounded: typeof fetch = (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(CALL_MS) });
  const Base = ProbotOctokit.plugin((octokit) => {
    // After a 5xx a write may have happened: only reads are repeated blindly.
    octokit.hook.before("request", (options) => {
      if (options.method !== "GET") options.request.retries = 0;
    });
  });
  return Base.defaults((options: object) => ({
    ...options,
    throttle,
    baseUrl: githubApiUrl,
    request: { fetch: bounded },
  })) as typeof ProbotOctokit;
}

/** F11, F12: a refused call did nothing, so it may be said again once the limit is over; a long wait is the job's. */
function waitOut(limit: string, retryAfter: number, call: string, retries: number, log: Log): boolean {
  log.warn({ limit, retryAfter, call }, "GitHub asks us to wait");
  return retries < 2 && retryAfter <= 60;
}

/** An App's own token cannot look up accounts; an installation's can. */
async function anyInstallation(probot: Probot): Promise<Octokit> {
  const asApp = await (await probot.ready()).auth();
  const { data: installations } = await asApp.rest.apps.listInstallations({ per_page: 100 });
  const installation = installations.find(({ suspended_at }) => !suspended_at);
  if (!installation) throw new Error("The App is installed nowhere: install it on a repository first.");
  return (await probot.ready()).auth(installation.id);
}

async function botId(client: Octokit, people: Octokit): Promise<number> {
  const { data: app } = await client.rest.apps.getAuthenticated();
  if (!app?.slug) throw new Error("GitHub does not say what the App is called: check APP_ID and PRIVATE_KEY.");
  const { data: bot } = await people.rest.users.getByUsername({ username: `${app.slug}[bot]` });
  return bot.id;
}

/** The reviewer's installation on the repository that the Rig knows by number. */
async function installationOf(reviewer: Octokit, rig: Octokit, { installationId, repositoryId }: TokenRequest): Promise<number> {
  const { data: installation } = await rig.rest.apps.getInstallation({ installation_id: installationId });
  const login = installation.account && "login" in installation.account ? installation.account.login : undefined;
  for await (const { data: installations } of reviewer.paginate.iterator(reviewer.rest.apps.listInstallations, { per_page: 100 })) {
    const found = installations.find(({ account }) => account && "login" in account && account.login === login);
    if (found) return found.id;
  }
  throw new Error(`Review-E's App is not installed for ${login ?? "the owner"} (repository ${repositoryId}): install it there.`);
}

/** Remembers a success; a failure is asked again next time. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask().catch((error: unknown) => {
      answer = undefined;
      throw error;
    });
    return answer;
  };
}
