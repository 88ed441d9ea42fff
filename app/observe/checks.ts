import type { SeenPullRequest } from "../domain/seen.ts";
import { branchRules } from "./branch-rules.ts";
import { orNothing, type Reader } from "./github.ts";

const good: ReadonlySet<string> = new Set(["success", "neutral", "skipped"]);

interface Check {
  readonly name: string;
  readonly state: "pending" | "passed" | "failed";
  readonly url: string;
  readonly summary: string;
  readonly id: number;
  /** The App that set it; of a commit status GitHub's REST does not tell. */
  readonly source?: number;
}

interface Required {
  readonly name: string;
  /** The only App whose check counts (R16). */
  readonly source?: number;
}

/**
 * What the required checks of a head come to. Required is what the branch's rules say; where they say nothing, every check
 * of the head but our own has to conclude well, and a head without any check passes once nothing is expected of it.
 * Of what failed it says whether the head of the base branch fails it too.
 */
export async function observeChecks(
  reader: Reader,
  headSha: string,
  base: string,
  ours: readonly number[],
): Promise<SeenPullRequest["checks"]> {
  const [required, found] = await Promise.all([requiredChecks(reader, base), checksOf(reader, headSha, ours)]);
  const relevant = required.length > 0 ? required.map((wanted) => standing(found, wanted) ?? missing(wanted.name)) : found;
  const failed = relevant.filter(({ state }) => state === "failed");
  const onBase = failed.length > 0 ? await checksOfBranch(reader, base, ours) : [];
  return {
    state: relevant.some(({ state }) => state === "pending") ? "pending" : failed.length > 0 ? "failed" : "passed",
    names: relevant.map(({ name }) => name),
    failed: failed.map((check) => ({
      name: check.name,
      url: check.url,
      summary: check.summary,
      preExisting: standing(onBase, check)?.state === "failed",
    })),
  };
}

const missing = (name: string): Check => ({ name, state: "pending", url: "", summary: "", id: 0 });

/** A name's check: the newest of each App and the status of that name all have to conclude well, as GitHub asks. */
function standing(found: readonly Check[], { name, source }: Required): Check | undefined {
  const newest = new Map<number | undefined, Check>();
  for (const check of found) {
    if (check.name !== name || (source !== undefined && check.source !== source)) continue;
    const before = newest.get(check.source);
    if (!before || before.id < check.id) newest.set(check.source, check);
  }
  const all = [...newest.values()];
  return all.find(({ state }) => state === "failed") ?? all.find(({ state }) => state === "pending") ?? all[0];
}

/** `rig/gates` is required of people's merges; the verdict asks the gates themselves. */
const byRig = (name: string): boolean => name.startsWith("rig/");

async function requiredChecks(reader: Reader, branch: string): Promise<readonly Required[]> {
  const { octokit, owner, repo } = reader;
  const rules = (await branchRules(reader, branch)).flatMap((rule) =>
    rule.type === "required_status_checks" ? (rule.parameters?.required_status_checks ?? []) : [],
  );
  if (rules.length > 0) return asked(rules.map(({ context, integration_id }) => [context, integration_id]));
  const { data } = await octokit.rest.repos.getBranch({ owner, repo, branch });
  const { contexts = [], checks } = data.protection?.required_status_checks ?? {};
  return asked(checks ? checks.map(({ context, app_id }) => [context, app_id]) : contexts.map((context) => [context, null]));
}

/** GitHub writes "any App" as nothing, null or -1. */
const asked = (found: readonly (readonly [string, number | null | undefined])[]): readonly Required[] =>
  found.filter(([name]) => !byRig(name)).map(([name, source]) => ({ name, ...(source && source > 0 ? { source } : {}) }));

async function checksOfBranch(reader: Reader, branch: string, ours: readonly number[]): Promise<readonly Check[]> {
  const { octokit, owner, repo } = reader;
  const found = await orNothing(octokit.rest.repos.getBranch({ owner, repo, branch }));
  return found ? checksOf(reader, found.data.commit.sha, ours) : [];
}

async function checksOf({ octokit, owner, repo }: Reader, ref: string, ours: readonly number[]): Promise<readonly Check[]> {
  const [runs, status] = await Promise.all([
    octokit.paginate(octokit.rest.checks.listForRef, { owner, repo, ref, filter: "latest", per_page: 100 }),
    orNothing(octokit.rest.repos.getCombinedStatusForRef({ owner, repo, ref, per_page: 100 })),
  ]);
  return [
    ...runs
      .filter(({ app }) => !app || !ours.includes(app.id))
      .filter(({ name }) => !byRig(name))
      .map((run) => ({
        name: run.name,
        state:
          run.status !== "completed" ? ("pending" as const) : good.has(run.conclusion ?? "") ? ("passed" as const) : ("failed" as const),
        url: run.html_url ?? "",
        summary: [run.output.title, run.output.summary].filter(Boolean).join("\n") || `${run.name} concluded ${run.conclusion}`,
        id: run.id,
        ...(run.app ? { source: run.app.id } : {}),
      })),
    ...(status?.data.statuses ?? []).map(({ id, context, state, target_url, description }) => ({
      name: context,
      state: state === "pending" ? ("pending" as const) : state === "success" ? ("passed" as const) : ("failed" as const),
      url: target_url ?? "",
      summary: description ?? `${context} is ${state}`,
      id,
    })),
  ];
}
