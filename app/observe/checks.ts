import type { SeenPullRequest } from "../domain/seen.ts";
import { orNothing, type Reader } from "./github.ts";

const good: ReadonlySet<string> = new Set(["success", "neutral", "skipped"]);

interface Check {
  readonly name: string;
  readonly state: "pending" | "passed" | "failed";
  readonly url: string;
  readonly summary: string;
}

/**
 * What the required checks of a head come to. Required is what the branch's rules say; where they say nothing, every check
 * of the head but our own has to conclude well, and a head without any check passes once nothing is expected of it.
 */
export async function observeChecks(
  reader: Reader,
  headSha: string,
  base: string,
  ours: readonly number[],
): Promise<SeenPullRequest["checks"]> {
  const [required, found] = await Promise.all([requiredChecks(reader, base), checksOf(reader, headSha, ours)]);
  const relevant = required.length > 0 ? required.map((name) => found.findLast((check) => check.name === name) ?? missing(name)) : found;
  const failed = relevant.filter(({ state }) => state === "failed").map(({ name, url, summary }) => ({ name, url, summary }));
  const pending = relevant.some(({ state }) => state === "pending");
  return { state: pending ? "pending" : failed.length > 0 ? "failed" : "passed", names: relevant.map(({ name }) => name), failed };
}

const missing = (name: string): Check => ({ name, state: "pending", url: "", summary: "" });

/** `rig/gates` is required of people's merges; the verdict asks the gates themselves. */
const byRig = (name: string): boolean => name.startsWith("rig/");

async function requiredChecks({ octokit, owner, repo }: Reader, branch: string): Promise<readonly string[]> {
  const rules = await octokit.paginate(octokit.rest.repos.getBranchRules, { owner, repo, branch, per_page: 100 });
  const byRules = rules.flatMap((rule) =>
    rule.type === "required_status_checks" ? (rule.parameters?.required_status_checks ?? []).map(({ context }) => context) : [],
  );
  if (byRules.length > 0) return byRules.filter((name) => !byRig(name));
  const { data } = await octokit.rest.repos.getBranch({ owner, repo, branch });
  return (data.protection?.required_status_checks?.contexts ?? []).filter((name) => !byRig(name));
}

async function checksOf({ octokit, owner, repo }: Reader, ref: string, ours: readonly number[]): Promise<readonly Check[]> {
  const runs = await octokit.paginate(octokit.rest.checks.listForRef, { owner, repo, ref, filter: "latest", per_page: 100 });
  const status = await orNothing(octokit.rest.repos.getCombinedStatusForRef({ owner, repo, ref, per_page: 100 }));
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
      })),
    ...(status?.data.statuses ?? []).map(({ context, state, target_url, description }) => ({
      name: context,
      state: state === "pending" ? ("pending" as const) : state === "success" ? ("passed" as const) : ("failed" as const),
      url: target_url ?? "",
      summary: description ?? `${context} is ${state}`,
    })),
  ];
}
