/** GitHub as the app reaches it: Probot for authentication and clients, with GitHub's own limits kept. */
import type { ThrottlingOptions } from "@octokit/plugin-throttling";
import Bottleneck from "bottleneck";
import { Probot, ProbotOctokit } from "probot";
import { askConditionally, keepAnswers } from "./conditional.ts";
import type { Config } from "./config.ts";
import { requireLease } from "./lease.ts";
import type { Log } from "./log.ts";
import { type RateLimits, rateLimits } from "./rate-limit.ts";
import { inSpan } from "./tracing.ts";

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
  /** How many calls were made since the program began, and of them those that count against an hourly limit. */
  readonly calls: Readonly<Calls>;
  /** Calls that are left to the installation that has fewest, as GitHub last said. */
  readonly remaining: RateLimits["remaining"];
  /** A one-hour token for one repository. */
  readonly mintToken: (wanted: TokenRequest) => Promise<MintedToken>;
  /** A client of the App that reviews, where it is installed; without one of its own, the Rig's. */
  readonly reviewer: (at: Pick<TokenRequest, "installationId" | "repositoryId">) => Promise<Octokit>;
}

export interface Identities {
  readonly rig: number;
  readonly rigAppId: number;
  readonly review?: number;
  readonly reviewAppId?: number;
}

interface Calls {
  made: number;
  counted: number;
}

export interface MintedToken {
  readonly token: string;
  readonly expiresAt: string;
  readonly identity: { readonly appId: number; readonly userId: number };
}

export interface TokenRequest {
  readonly app: "rig" | "review";
  readonly installationId: number;
  readonly repositoryId: number;
  readonly permissions: Readonly<Record<string, "read" | "write">>;
}

export function connectGitHub(config: Config, log: Log): GitHub {
  const calls: Calls = { made: 0, counted: 0 };
  const limits = rateLimits();
  const Client = clientFor(config, log, calls, limits);
  const probotOf = ({ id, privateKey }: { readonly id: number; readonly privateKey: string }) =>
    new Probot({ appId: id, privateKey, secret: config.webhookSecrets[0], Octokit: Client, baseUrl: config.githubApiUrl, log });
  const probot = probotOf(config.app);
  const reviewer = config.reviewApp ? probotOf(config.reviewApp) : undefined;
  const app = async () => (await probot.ready()).auth();
  const identities = once(async () => {
    const people = await anyInstallation(probot);
    const review = reviewer ? await botId(await (await reviewer.ready()).auth(), people) : undefined;
    return {
      rig: await botId(await app(), people),
      rigAppId: config.app.id,
      ...(review && config.reviewApp ? { review, reviewAppId: config.reviewApp.id } : {}),
    };
  });
  return {
    probot,
    app,
    calls,
    remaining: limits.remaining,
    installation: async (installationId) => (await probot.ready()).auth(installationId),
    identities,
    reviewer: async (at) =>
      reviewer
        ? (await reviewer.ready()).auth(await installationOf(await (await reviewer.ready()).auth(), await app(), at))
        : (await probot.ready()).auth(at.installationId),
    mintToken: async (wanted) => {
      const byReviewer = wanted.app === "review" && reviewer;
      const client = byReviewer ? await (await reviewer.ready()).auth() : await app();
      const installation_id = byReviewer ? await installationOf(client, await app(), wanted) : wanted.installationId;
      const { data } = await client.rest.apps.createInstallationAccessToken({
        installation_id,
        repository_ids: [wanted.repositoryId],
        permissions: { ...wanted.permissions },
      });
      const { rig, rigAppId, review, reviewAppId } = await identities();
      const identity = byReviewer && review && reviewAppId ? { appId: reviewAppId, userId: review } : { appId: rigAppId, userId: rig };
      return { token: data.token, expiresAt: data.expires_at, identity };
    },
  };
}

/** GitHub.com asks for a second between writes and more between notifications; GitHub Enterprise Server has no such limits of its own. */
function clientFor({ githubApiUrl }: Config, log: Log, calls: Calls, limits: RateLimits): typeof ProbotOctokit {
  const many = (maxConcurrent: number) => new Bottleneck.Group({ maxConcurrent });
  const unpaced = githubApiUrl === "https://api.github.com" ? {} : { write: many(10), notifications: many(10) };
  // GitHub takes up to a hundred calls at once, of all clients of an installation together.
  const groups = { global: many(30), ...unpaced };
  const throttle: ThrottlingOptions = {
    enabled: true,
    ...groups,
    onRateLimit: (retryAfter, { method, url }, _octokit, retries) => waitOut("rate limit", retryAfter, `${method} ${url}`, retries, log),
    onSecondaryRateLimit: (retryAfter, { method, url }, _octokit, retries) =>
      waitOut("secondary rate limit", retryAfter, `${method} ${url}`, retries, log),
  };
  const bounded: typeof fetch = async (input, init) => {
    calls.made += 1;
    // F31: a read follows a repository to its new name. A write that followed could become a read: it is refused, and waits for the name.
    const redirect = init?.method === "GET" ? (init.redirect ?? "follow") : "manual";
    const response = await fetch(input, {
      ...init,
      redirect,
      signal: AbortSignal.any([AbortSignal.timeout(CALL_MS), ...(init?.signal ? [init.signal] : [])]),
    });
    if (response.status !== 304) calls.counted += 1;
    return response;
  };
  const answers = keepAnswers();
  const Base = ProbotOctokit.plugin((octokit, { auth }) => {
    // After a 5xx a write may have happened: only reads are repeated blindly.
    octokit.hook.before("request", (options) => {
      requireLease(Date.now());
      // A copy: every call of a client shares the object.
      if (options.method !== "GET") options.request = { ...options.request, retries: 0 };
    });
    octokit.hook.after("request", ({ status, headers }, { method, url, request }) => {
      limits.hear(`${auth?.appId} ${auth?.installationId ?? "app"}`, headers);
      // Who reads where it leads asks for that.
      if (status >= 300 && status < 400 && request?.redirect !== "manual")
        throw new Moved(`GitHub has what ${method} ${url} was said to at ${headers.location}.`, status);
    });
    octokit.hook.wrap("request", (request, options) =>
      inSpan(`GitHub ${options.method} ${options.url}`, {}, async (span) => {
        const response = await request(options);
        span.setAttribute("http.response.status_code", response.status);
        return response;
      }),
    );
    askConditionally(octokit, `${auth?.appId} ${auth?.installationId ?? "app"}`, answers);
  });
  return Base.defaults((options: object) => ({
    ...options,
    throttle,
    baseUrl: githubApiUrl,
    request: { fetch: bounded },
  })) as typeof ProbotOctokit;
}

/** A write that reached a repository under its former name. It did nothing. */
class Moved extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
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
async function installationOf(
  reviewer: Octokit,
  rig: Octokit,
  { installationId, repositoryId }: Pick<TokenRequest, "installationId" | "repositoryId">,
): Promise<number> {
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
