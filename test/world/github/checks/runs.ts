import { tendSoon } from "../pulls/merge-queue.ts";
import { showCheckRunInWebhook, showCheckSuite, suiteState } from "../shapes/check.ts";
import type { Annotation, CheckConclusion, CheckRun, CheckSuite } from "../state/check.ts";
import type { App, Author } from "../state/people.ts";
import type { Repository } from "../state/repository.ts";
import { announce } from "../webhooks/announce.ts";
import { nextId, nowIso, type World } from "../world.ts";

export interface CheckWish {
  readonly name?: string;
  readonly detailsUrl?: string;
  readonly externalId?: string;
  readonly status?: CheckRun["status"];
  readonly conclusion?: CheckConclusion;
  readonly startedAt?: string;
  readonly completedAt?: string;
  readonly buttons?: readonly string[];
  readonly output?: {
    readonly title?: string;
    readonly summary: string;
    readonly text?: string;
    readonly annotations?: readonly Annotation[];
  };
}

/** Checks of GitHub Actions start no workflows: they would start themselves. */
const isActions = (world: World, app: App) => app.id === world.actionsApp.id;

const authorOfCheck = ({ app }: { readonly app: App }): Author => ({ user: app.bot, app });

export function tellCheck(
  world: World,
  repository: Repository,
  run: CheckRun,
  action: string,
  by: Author,
  more: object = {},
  onlyFor?: App,
): void {
  const payload = { check_run: showCheckRunInWebhook(world, repository, run), ...more };
  announce(world, repository, {
    event: "check_run",
    action,
    by,
    payload,
    startsNothing: isActions(world, run.app),
    ...(onlyFor ? { onlyFor } : {}),
  });
}

export function suiteFor(world: World, repository: Repository, app: App, sha: string): CheckSuite {
  const found = [...repository.checkSuites.values()].find((suite) => suite.app.id === app.id && suite.headSha === sha);
  if (found) return found;
  const branch = [...repository.git.refs]
    .find(([ref, tip]) => tip === sha && ref.startsWith("refs/heads/"))?.[0]
    .slice("refs/heads/".length);
  const suite = { id: nextId(world, "suite"), app, headSha: sha, headBranch: branch ?? null, createdAt: nowIso(world) };
  repository.checkSuites.set(suite.id, suite);
  return suite;
}

async function tellSuiteIfDone(world: World, repository: Repository, run: CheckRun): Promise<void> {
  const suite = repository.checkSuites.get(run.suiteId);
  if (!suite || suiteState(repository, suite).status !== "completed") return;
  const payload = { check_suite: await showCheckSuite(world, repository, suite) };
  announce(world, repository, {
    event: "check_suite",
    action: "completed",
    by: authorOfCheck(run),
    payload,
    startsNothing: isActions(world, run.app),
  });
}

function apply(world: World, run: CheckRun, wish: CheckWish): void {
  const { output } = wish;
  Object.assign(run, {
    ...(wish.buttons === undefined ? {} : { buttons: wish.buttons }),
    ...(wish.name === undefined ? {} : { name: wish.name }),
    ...(wish.detailsUrl === undefined ? {} : { detailsUrl: wish.detailsUrl }),
    ...(wish.startedAt === undefined ? {} : { startedAt: wish.startedAt }),
    ...(output ? { output: { title: output.title ?? run.output.title, summary: output.summary, text: output.text ?? null } } : {}),
  });
  run.annotations.push(...(output?.annotations ?? []));
  // Naming a conclusion completes the run.
  const status = wish.conclusion ? "completed" : (wish.status ?? run.status);
  if (status === "in_progress") run.startedAt ??= nowIso(world);
  run.status = status;
  run.conclusion = status === "completed" ? (wish.conclusion ?? run.conclusion) : null;
  run.completedAt = status === "completed" ? (wish.completedAt ?? nowIso(world)) : null;
}

export async function createCheck(
  world: World,
  repository: Repository,
  app: App,
  sha: string,
  wish: CheckWish & { readonly name: string },
  id = nextId(world, "check"),
): Promise<CheckRun> {
  const run: CheckRun = {
    id,
    suiteId: suiteFor(world, repository, app, sha).id,
    app,
    headSha: sha,
    externalId: wish.externalId ?? "",
    annotations: [],
    buttons: [],
    name: wish.name,
    detailsUrl: `${world.origin}/${app.slug}`,
    status: "queued",
    conclusion: null,
    startedAt: nowIso(world),
    completedAt: null,
    output: { title: null, summary: null, text: null },
  };
  apply(world, run, wish);
  repository.checkRuns.set(run.id, run);
  tellCheck(world, repository, run, "created", authorOfCheck(run));
  if (run.status === "completed") await completed(world, repository, run);
  return run;
}

async function completed(world: World, repository: Repository, run: CheckRun): Promise<void> {
  tellCheck(world, repository, run, "completed", authorOfCheck(run));
  await tellSuiteIfDone(world, repository, run);
  tendSoon(world, repository);
}

export async function changeCheck(world: World, repository: Repository, run: CheckRun, wish: CheckWish): Promise<void> {
  const before = { status: run.status, conclusion: run.conclusion };
  apply(world, run, wish);
  if (run.status === "completed" && (before.status !== "completed" || before.conclusion !== run.conclusion))
    await completed(world, repository, run);
}
