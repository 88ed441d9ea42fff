import { appOf, type Identity } from "../auth/identity.ts";
import { type CheckWish, changeCheck, createCheck, suiteFor, tellCheck } from "../checks/runs.ts";
import { invalid, notFound, Refusal } from "../http/refusal.ts";
import { showCheckRun, showCheckSuite } from "../shapes/check.ts";
import type { CheckRun } from "../state/check.ts";
import type { App } from "../state/people.ts";
import type { Repository } from "../state/repository.ts";
import { created, type Endpoint, ok, onRepository } from "./endpoint.ts";
import { findCommit } from "./find.ts";
import { counted, listed } from "./pages.ts";

const reads = { app: { checks: "read" }, person: "read" } as const;
const writes = { app: { checks: "write" } } as const;

function callingApp(identity: Identity): App {
  const app = appOf(identity);
  if (!app) throw new Refusal(403, "You must authenticate via a GitHub App.");
  return app;
}

function findRun(repository: Repository, id: number): CheckRun {
  const run = repository.checkRuns.get(id);
  if (!run) throw notFound();
  return run;
}

interface Sent {
  readonly name?: string;
  readonly details_url?: string;
  readonly external_id?: string;
  readonly status?: string;
  readonly conclusion?: string;
  readonly started_at?: string;
  readonly completed_at?: string;
  readonly output?: NonNullable<CheckWish["output"]>;
  readonly actions?: readonly { readonly identifier: string }[];
}

function wishOf(sent: Sent): CheckWish {
  if (sent.status === "completed" && !sent.conclusion) throw invalid({ resource: "CheckRun", field: "conclusion", code: "missing_field" });
  const entries = {
    name: sent.name,
    detailsUrl: sent.details_url,
    externalId: sent.external_id,
    status: sent.status,
    conclusion: sent.conclusion,
    startedAt: sent.started_at,
    completedAt: sent.completed_at,
    output: sent.output,
    buttons: sent.actions?.map(({ identifier }) => identifier),
  };
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as CheckWish;
}

/** The newest of each App's runs of a name, unless all are asked for. */
function latest(runs: readonly CheckRun[], filter: string | undefined): CheckRun[] {
  if (filter === "all") return [...runs];
  const newest = new Map<string, CheckRun>();
  for (const run of runs) newest.set(`${run.app.id} ${run.name}`, run);
  return [...newest.values()];
}

export const checkEndpoints: readonly Endpoint[] = [
  onRepository("checks/create", writes, async ({ world, repository, identity, body }) => {
    const sha = await findCommit(repository, body.head_sha);
    if (sha !== body.head_sha) throw new Refusal(422, `No commit found for SHA: ${body.head_sha}`);
    const wish = { ...wishOf(body as Sent), name: body.name };
    return created(showCheckRun(world, repository, await createCheck(world, repository, callingApp(identity), sha, wish)));
  }),
  onRepository("checks/update", writes, async ({ world, repository, identity, params, body }) => {
    const run = findRun(repository, params.check_run_id);
    if (run.app.id !== callingApp(identity).id)
      throw new Refusal(
        403,
        `Invalid app_id \`${callingApp(identity).id}\` - check run can only be modified by the GitHub App that created it.`,
      );
    await changeCheck(world, repository, run, wishOf(body as Sent));
    return ok(showCheckRun(world, repository, run));
  }),
  onRepository("checks/get", reads, ({ world, repository, params }) =>
    ok(showCheckRun(world, repository, findRun(repository, params.check_run_id))),
  ),
  onRepository("checks/list-annotations", reads, (call) => {
    const { world, repository } = call;
    const run = findRun(repository, call.params.check_run_id);
    const none = { start_column: null, end_column: null, title: null, raw_details: null };
    return listed(call, run.annotations, (one) => ({ ...none, ...one, blob_href: `${world.apiUrl}/repos/blob/${run.headSha}` }));
  }),
  onRepository("checks/list-for-ref", reads, async (call) => {
    const { world, repository, query } = call;
    const sha = await findCommit(repository, call.params.ref);
    const runs = [...repository.checkRuns.values()]
      .filter(({ headSha }) => headSha === sha)
      .filter(
        ({ name, status, app }) =>
          (!query.check_name || name === query.check_name) &&
          (!query.status || status === query.status) &&
          (!query.app_id || app.id === query.app_id),
      );
    return counted(call, "check_runs", latest(runs, query.filter).reverse(), (run) => showCheckRun(world, repository, run));
  }),
  onRepository("checks/list-suites-for-ref", reads, async (call) => {
    const { world, repository, query } = call;
    const sha = await findCommit(repository, call.params.ref);
    const suites = [...repository.checkSuites.values()].filter(
      ({ headSha, app }) => headSha === sha && (!query.app_id || app.id === query.app_id),
    );
    return counted(call, "check_suites", suites, (suite) => showCheckSuite(world, repository, suite));
  }),
  onRepository("checks/get-suite", reads, async ({ world, repository, params }) => {
    const suite = repository.checkSuites.get(params.check_suite_id);
    if (!suite) throw notFound();
    return ok(await showCheckSuite(world, repository, suite));
  }),
  onRepository("checks/list-for-suite", reads, (call) => {
    const { world, repository, query, params } = call;
    const runs = [...repository.checkRuns.values()].filter(
      ({ suiteId, name }) => suiteId === params.check_suite_id && (!query.check_name || name === query.check_name),
    );
    return counted(call, "check_runs", latest(runs, query.filter).reverse(), (run) => showCheckRun(world, repository, run));
  }),
  onRepository("checks/create-suite", writes, async ({ world, repository, identity, body }) => {
    const suite = suiteFor(world, repository, callingApp(identity), await findCommit(repository, body.head_sha));
    return created(await showCheckSuite(world, repository, suite));
  }),
  onRepository("checks/rerequest-run", { app: { checks: "write" }, person: "write" }, ({ world, repository, author, params }) => {
    const run = findRun(repository, params.check_run_id);
    tellCheck(world, repository, run, "rerequested", author(), {}, run.app);
    return created({});
  }),
];
