import { chmod, copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Files, importCommit } from "../git/import.ts";
import { gitText } from "../git/run.ts";
import { branchSha, openStore, readRefs } from "../git/store.ts";
import { defineLabel } from "../issues/labels.ts";
import { findUser } from "../people.ts";
import { emailOf } from "../shapes/commit.ts";
import type { BranchRules, Repository, Role } from "../state/repository.ts";
import { findRepository, nextId, nowIso, type World } from "../world.ts";

export interface NewRepository {
  readonly owner: string;
  readonly name: string;
  readonly files: Files;
  readonly collaborators?: Readonly<Record<string, Role>>;
  readonly private?: boolean;
  readonly variables?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly rules?: BranchRules;
  readonly labels?: readonly string[];
  /** Logins of the reviewers of each environment that has some. */
  readonly environments?: Readonly<Record<string, readonly string[]>>;
  readonly deleteBranchOnMerge?: boolean;
}

const BRANCH = "main";

const config = (hooks: string) => `[core]
	repositoryformatversion = 0
	filemode = true
	bare = true
	hooksPath = ${hooks}
	logAllRefUpdates = false
[http]
	receivepack = true
[receive]
	hideRefs = refs/pull
	autogc = false
[uploadpack]
	allowAnySHA1InWant = true
	allowFilter = true
[gc]
	auto = 0
`;

/** The hooks that all repositories share. */
export async function writeHooks(folder: string): Promise<void> {
  const hooks = join(folder, "hooks");
  await mkdir(hooks, { recursive: true });
  await copyFile(join(import.meta.dirname, "../git/pre-receive.sh"), join(hooks, "pre-receive"));
  await chmod(join(hooks, "pre-receive"), 0o755);
}

/** A real bare repository with one commit, and everything GitHub keeps beside it. */
export async function createRepository(world: World, wanted: NewRepository): Promise<Repository> {
  if (findRepository(world, wanted.owner, wanted.name)) throw new Error(`There is a repository ${wanted.owner}/${wanted.name} already.`);
  const owner = findUser(world, wanted.owner);
  const id = nextId(world, "repository");
  const dir = join(world.folder, `${id}.git`);
  await gitText(world.folder, ["init", "--quiet", "--bare", "--template=", `--initial-branch=${BRANCH}`, dir]);
  await writeFile(join(dir, "config"), config(join(world.folder, "hooks")));
  const author = { name: owner.login, email: emailOf(owner) };
  await importCommit(dir, { ref: `refs/heads/${BRANCH}`, files: wanted.files, message: "Start", author, at: world.now() });
  const at = nowIso(world);
  const repository: Repository = {
    id,
    owner,
    name: wanted.name,
    defaultBranch: BRANCH,
    private: wanted.private ?? false,
    createdAt: at,
    pushedAt: at,
    archived: false,
    deleted: false,
    git: openStore(dir),
    collaborators: new Map(Object.entries(wanted.collaborators ?? {}).map(([login, role]) => [findUser(world, login).id, role])),
    labels: new Map(),
    issues: new Map(),
    gone: new Map(),
    milestones: new Map(),
    comments: new Map(),
    checkRuns: new Map(),
    checkSuites: new Map(),
    statuses: [],
    deployments: new Map(),
    environments: new Map(
      Object.entries(wanted.environments ?? {}).map(([name, logins]) => {
        const reviewers = logins.map((login) => findUser(world, login));
        return [name, { id: nextId(world, "environment"), name, createdAt: at, reviewers }] as const;
      }),
    ),
    runs: new Map(),
    runNumbers: new Map(),
    lastPushers: new Map([[BRANCH, owner]]),
    activities: [],
    variables: { ...wanted.variables },
    secrets: { ...wanted.secrets },
    rules: wanted.rules ?? {},
    rulesChangedAt: at,
    deleteBranchOnMerge: wanted.deleteBranchOnMerge ?? false,
    telling: Promise.resolve(),
  };
  for (const [ref, sha] of await readRefs(repository.git)) repository.git.refs.set(ref, sha);
  for (const label of wanted.labels ?? []) defineLabel(world, repository, label);
  world.repositories.set(id, repository);
  return repository;
}

export function headShaOf(repository: Repository): string {
  const sha = branchSha(repository.git, repository.defaultBranch);
  if (!sha) throw new Error(`${repository.owner.login}/${repository.name} has no branch ${repository.defaultBranch}.`);
  return sha;
}
