import type { ActionsStore, NewRun, WorkflowRun } from "../../actions.ts";
import { newInstallationToken } from "../auth/tokens.ts";
import { changeCheck, createCheck, suiteFor } from "../checks/runs.ts";
import { addStatus, createDeployment } from "../deployments/deployment.ts";
import { htmlOf } from "../shapes/repository.ts";
import type { Deployment } from "../state/deployment.ts";
import type { Author, User } from "../state/people.ts";
import type { Repository } from "../state/repository.ts";
import type { Job, Run } from "../state/run.ts";
import { findRepository, nextId, nowIso, repositoryById, type World } from "../world.ts";
import { findJob, findRun } from "./find.ts";
import { holdDeployment } from "./hold.ts";
import { mintOidcToken } from "./id-token.ts";
import { tellJob, tellRun } from "./tell.ts";

const DAY = 86_400_000;

function actorOf(world: World, login: string): User {
  const user = world.users.get(login.toLowerCase());
  if (!user) throw new Error(`A run by ${login} cannot be created: this GitHub knows nobody of that name.`);
  return user;
}

function createRun(world: World, wish: NewRun): WorkflowRun {
  const repository = repositoryById(world, wish.repositoryId);
  const runNumber = (repository.runNumbers.get(wish.path) ?? 0) + 1;
  repository.runNumbers.set(wish.path, runNumber);
  const at = nowIso(world);
  const run: Run = {
    id: nextId(world, "run"),
    name: wish.name,
    path: wish.path,
    event: wish.event,
    headBranch: wish.headBranch,
    headSha: wish.headSha,
    displayTitle: wish.displayTitle,
    actor: actorOf(world, wish.actor),
    runNumber,
    suiteId: suiteFor(world, repository, world.actionsApp, wish.headSha).id,
    createdAt: at,
    jobs: [],
    artifacts: [],
    held: [],
    reviews: [],
    status: "queued",
    conclusion: null,
    updatedAt: at,
  };
  repository.runs.set(run.id, run);
  tellRun(world, repository, run, "requested");
  return { ...wish, id: run.id, runNumber, runAttempt: 1, htmlUrl: `${htmlOf(world, repository)}/actions/runs/${run.id}` };
}

const updateRun =
  (world: World): ActionsStore["updateRun"] =>
  (runId, { status, conclusion }) => {
    const { repository, run } = findRun(world, runId);
    const before = run.status;
    Object.assign(run, { status, conclusion: status === "completed" ? (conclusion ?? null) : null, updatedAt: nowIso(world) });
    if (status === "completed") {
      // The token of a job ends with it.
      for (const [token, owner] of world.tokens) if (owner.kind === "job" && owner.runId === runId) world.tokens.delete(token);
    }
    if (status !== before && status !== "queued") tellRun(world, repository, run, status);
  };

const createJob =
  (world: World): ActionsStore["createJob"] =>
  (runId, { name, labels }) => {
    const { repository, run } = findRun(world, runId);
    const id = nextId(world, "check");
    const job: Job = {
      id,
      name,
      labels,
      createdAt: nowIso(world),
      status: "queued",
      conclusion: null,
      startedAt: null,
      completedAt: null,
      steps: [],
      log: "",
    };
    run.jobs.push(job);
    const detailsUrl = `${htmlOf(world, repository)}/actions/runs/${runId}/job/${id}`;
    world.deliveries.during(createCheck(world, repository, world.actionsApp, run.headSha, { name, detailsUrl, status: "queued" }, id));
    tellJob(world, repository, run, job, "queued");
    return id;
  };

/** Where GitHub puts an annotation that belongs to no file. */
const nowhere = { path: ".github", start_line: 1, end_line: 1, annotation_level: "failure" } as const;

const updateJob =
  (world: World): ActionsStore["updateJob"] =>
  (jobId, { status, conclusion, steps, log, annotation }) => {
    const { repository, run, job } = findJob(world, jobId);
    const before = job.status;
    job.status = status;
    if (steps) job.steps = steps;
    if (log !== undefined) job.log = log;
    if (status !== "queued") job.startedAt ??= nowIso(world);
    if (status === "completed") Object.assign(job, { conclusion: conclusion ?? null, completedAt: nowIso(world) });
    if (status === before) return;
    const check = repository.checkRuns.get(jobId);
    if (annotation) check?.annotations.push({ ...nowhere, message: annotation });
    if (check) world.deliveries.during(changeCheck(world, repository, check, { status, ...(conclusion ? { conclusion } : {}) }));
    if (status !== "queued") tellJob(world, repository, run, job, status);
  };

const byRun = (world: World, run: Run): Author => ({ user: run.actor, app: world.actionsApp, byJob: true });

function deploymentBy(world: World, runId: number, environment: string, jobId: number): Deployment {
  const { repository, run } = findRun(world, runId);
  const logUrl = `${htmlOf(world, repository)}/actions/runs/${runId}/job/${jobId}`;
  return createDeployment(world, repository, byRun(world, run), { ref: run.headBranch, sha: run.headSha, environment, logUrl });
}

function deploymentOf(
  world: World,
  id: number,
): { readonly repository: Repository; readonly deployment: NonNullable<ReturnType<Repository["deployments"]["get"]>> } {
  for (const repository of world.repositories.values()) {
    const deployment = repository.deployments.get(id);
    if (deployment) return { repository, deployment };
  }
  throw new Error(`This GitHub has no deployment ${id}.`);
}

/** What the runner may do here. */
export function openActionsStore(world: World): ActionsStore {
  return {
    apiUrl: world.apiUrl,
    serverUrl: world.origin,
    createRun: (run) => createRun(world, run),
    updateRun: updateRun(world),
    createJob: createJob(world),
    updateJob: updateJob(world),
    saveArtifact: (runId, name, content) => {
      const { artifacts } = findRun(world, runId).run;
      if (artifacts.some((one) => one.name === name))
        throw new Error(`Run ${runId} already has an artifact ${name}; an artifact cannot be changed.`);
      artifacts.push({ id: nextId(world, "artifact"), name, content, createdAt: nowIso(world) });
    },
    artifact: (runId, name) => findRun(world, runId).run.artifacts.find((one) => one.name === name)?.content,
    mintJobToken: (runId, permissions) => {
      const { repository } = findRun(world, runId);
      const token = newInstallationToken();
      const expiresAt = world.now().getTime() + DAY;
      world.tokens.set(token, { kind: "job", app: world.actionsApp, repositoryId: repository.id, runId, permissions, expiresAt });
      return token;
    },
    createDeployment: (runId, environment, jobId) => deploymentBy(world, runId, environment, jobId).id,
    holdDeployment: (runId, name, jobId, signal) => {
      const found = findRun(world, runId);
      const environment = found.repository.environments.get(name);
      if (!environment) return undefined;
      const deployment = deploymentBy(world, runId, name, jobId);
      return { deployment: deployment.id, approved: holdDeployment(world, found, deployment, environment, signal) };
    },
    createDeploymentStatus: (deploymentId, state, environmentUrl) => {
      const { repository, deployment } = deploymentOf(world, deploymentId);
      addStatus(world, repository, deployment, deployment.author, { state, ...(environmentUrl ? { environmentUrl } : {}) });
    },
    mintOidcToken: (runId, audience, claims) => mintOidcToken(world, runId, audience, claims),
    gitDir: (repositoryId) => repositoryById(world, repositoryId).git.dir,
    repository: (repositoryId) => {
      const { id, owner, name, defaultBranch, private: hidden } = repositoryById(world, repositoryId);
      return { id, owner: owner.login, name, defaultBranch, private: hidden };
    },
    repositoryByName: (owner, name) => findRepository(world, owner, name),
    variables: (repositoryId) => repositoryById(world, repositoryId).variables,
    secrets: (repositoryId) => repositoryById(world, repositoryId).secrets,
  };
}
