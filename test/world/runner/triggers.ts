import picomatch from "picomatch";
import type { RepositoryEvent } from "../actions.ts";
import { field, headSha } from "./payloads.ts";
import { type Origins, type Plan, planWorkflow } from "./plan.ts";
import { git, gitSource } from "./sources.ts";
import { readWorkflow, type Workflow } from "./workflow.ts";

export const WORKFLOWS = ".github/workflows";

const TYPES_WHEN_NONE_ARE_NAMED: Readonly<Record<string, readonly string[]>> = {
  pull_request: ["opened", "synchronize", "reopened"],
  pull_request_target: ["opened", "synchronize", "reopened"],
};

type Filter = Partial<
  Record<"workflows" | "types" | "branches" | "branches-ignore" | "tags" | "tags-ignore" | "paths" | "paths-ignore", readonly string[]>
>;

interface Planned {
  readonly path: string;
  readonly plan?: Plan;
  /** Why the file is no workflow. */
  readonly error: string;
}

/** The workflows that an event starts. A broken file shows itself on a push, as on GitHub. */
export async function plansFor(origins: Origins, event: RepositoryEvent): Promise<readonly Planned[]> {
  const { store } = origins;
  const { owner, name } = store.repository(event.repositoryId);
  const gitDir = store.gitDir(event.repositoryId);
  const source = await gitSource(gitDir, `${owner}/${name}`, event.sha);
  if (!source || (await skipsActions(event, gitDir))) return [];
  const paths = (await source.list(WORKFLOWS)).filter((path) => /\.ya?ml$/.test(path));
  const planned = await Promise.all(
    paths.map(async (path): Promise<readonly Planned[]> => {
      try {
        const workflow = await readWorkflow(path, (await source.read(path)) ?? "");
        if (!(await asksFor(workflow, event, gitDir))) return [];
        return [{ path, plan: await planWorkflow(origins, source, path), error: "" }];
      } catch (error) {
        return event.name === "push" ? [{ path, error: error instanceof Error ? error.message : String(error) }] : [];
      }
    }),
  );
  return planned.flat();
}

/** What else an event is to workflows: each one about a pull request is one for the default branch's own workflows too. */
export async function alsoFor({ store }: Origins, event: RepositoryEvent): Promise<readonly RepositoryEvent[]> {
  if (event.name !== "pull_request") return [];
  const ref = `refs/heads/${store.repository(event.repositoryId).defaultBranch}`;
  const source = await gitSource(store.gitDir(event.repositoryId), "", ref);
  return source ? [{ ...event, name: "pull_request_target", ref, sha: source.sha }] : [];
}

/** Whether a workflow's `on:` asks for this event. */
async function asksFor(workflow: Workflow, event: RepositoryEvent, gitDir: string): Promise<boolean> {
  const filter = workflow.events[event.name] as Filter | undefined;
  if (!filter || event.name === "schedule") return false;
  const types = filter.types ?? TYPES_WHEN_NONE_ARE_NAMED[event.name];
  if (types && event.action !== undefined && !types.includes(event.action)) return false;
  if (filter.workflows && !filter.workflows.includes(field(event.payload, "workflow_run", "name"))) return false;
  if (!refMatches(filter, event)) return false;
  if (!filter.paths && !filter["paths-ignore"]) return true;
  const paths = await changedPaths(event, gitDir);
  return filter.paths ? paths.some((path) => matches(filter.paths, path)) : paths.some((path) => !matches(filter["paths-ignore"], path));
}

function refMatches(filter: Filter, event: RepositoryEvent): boolean {
  if (event.name.startsWith("pull_request")) return branchMatches(filter, field(event.payload, "pull_request", "base", "ref"));
  if (event.name !== "push") return true;
  if (event.payload.deleted === true) return false;
  if (!event.ref.startsWith("refs/tags/")) return !onlyTags(filter) && branchMatches(filter, event.ref.replace("refs/heads/", ""));
  const tag = event.ref.replace("refs/tags/", "");
  if (filter.tags) return matches(filter.tags, tag);
  if (filter["tags-ignore"]) return !matches(filter["tags-ignore"], tag);
  return !filter.branches && !filter["branches-ignore"];
}

const onlyTags = (filter: Filter) => Boolean((filter.tags ?? filter["tags-ignore"]) && !(filter.branches ?? filter["branches-ignore"]));

function branchMatches(filter: Filter, branch: string): boolean {
  if (filter.branches) return matches(filter.branches, branch);
  if (filter["branches-ignore"]) return !matches(filter["branches-ignore"], branch);
  return true;
}

/** The last pattern that fits decides; `!` takes back. */
function matches(patterns: readonly string[] = [], name: string): boolean {
  return patterns.reduce((matched, pattern) => {
    const negative = pattern.startsWith("!");
    const fits = picomatch.isMatch(name, negative ? pattern.slice(1) : pattern, { dot: true, nonegate: true });
    return fits ? !negative : matched;
  }, false);
}

async function changedPaths(event: RepositoryEvent, gitDir: string): Promise<readonly string[]> {
  const base = event.name === "push" ? String(event.payload.before ?? "") : field(event.payload, "pull_request", "base", "sha");
  const head = event.name === "push" ? event.sha : field(event.payload, "pull_request", "head", "sha");
  const range = event.name === "push" ? `${base}..${head}` : `${base}...${head}`;
  const names =
    (await git(gitDir, "diff", "--name-only", "-z", "--no-renames", range)) ??
    (await git(gitDir, "ls-tree", "-r", "-z", "--name-only", head));
  return (names ?? "").split("\0").filter(Boolean);
}

const SKIP = /\[(skip ci|ci skip|no ci|skip actions|actions skip)\]|^skip-checks:\s*true$/im;

/** GitHub starts nothing for a push or a pull request whose head commit says so. */
async function skipsActions(event: RepositoryEvent, gitDir: string): Promise<boolean> {
  if (event.name !== "push" && event.name !== "pull_request") return false;
  return SKIP.test((await git(gitDir, "log", "-1", "--format=%B", headSha(event), "--")) ?? "");
}
