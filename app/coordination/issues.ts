import type { Conductor } from "../conductor.ts";
import { jobsFor, lookAt, subjectFor } from "../hear.ts";
import type { Octokit } from "../observe/github.ts";
import { lastGood } from "../policies.ts";
import type { JobRequest } from "../store/jobs.ts";
import type { Repository } from "../store/repositories.ts";

const CAUSE = "coordination";

/** Looks at every issue of a repository that something may still happen to, and at those somebody may have handed over unheard (F1). */
export async function issueJobs(conductor: Conductor, repository: Repository, octokit: Octokit): Promise<readonly JobRequest[]> {
  const rounds = (await conductor.store.openRounds(repository.id)).map((round) => lookAt(round, CAUSE));
  const followed = lastGood(repository).deploy.production ? await conductor.store.followed(repository.id) : [];
  const looks = await jobsFor(conductor, [{ repositoryId: repository.id, at: { everything: true } }], CAUSE);
  const open = [...looks, ...rounds, ...followed.map((merged) => lookAt(merged, CAUSE))];
  const unheard = [...(await labelledJobs(conductor, repository, octokit)), ...(await peoplesJobs(conductor, repository, octokit))];
  return [...open, ...unheard, assignJob(repository)];
}

/** Where a repository rests, only what does not rest yet is looked at, which holds it. */
export async function restingJobs({ store }: Conductor, { id }: Repository): Promise<readonly JobRequest[]> {
  const open = [...(await store.openIssues(id)), ...(await store.openRounds(id))];
  return open.filter(({ state }) => state !== "held").map((issue) => lookAt(issue, CAUSE));
}

/** Open issues that carry the trigger label, whether or not we ever heard of them. */
async function labelledJobs({ store }: Conductor, repository: Repository, octokit: Octokit): Promise<readonly JobRequest[]> {
  const issues = await octokit.paginate(octokit.rest.issues.listForRepo, {
    owner: repository.owner,
    repo: repository.name,
    labels: lastGood(repository).trigger.label,
    state: "open",
    per_page: 100,
  });
  const subjects = await Promise.all(
    issues.filter(({ pull_request }) => !pull_request).map(({ number }) => subjectFor(store, repository.id, number)),
  );
  return subjects.flatMap((subject) => (subject ? [lookAt(subject, CAUSE)] : []));
}

/** Open pull requests, whether or not we ever heard of them. */
async function peoplesJobs(conductor: Conductor, { id, owner, name: repo }: Repository, octokit: Octokit): Promise<readonly JobRequest[]> {
  const open = await octokit.paginate(octokit.rest.pulls.list, { owner, repo, state: "open", per_page: 100 });
  const { rig, review } = await conductor.github.identities();
  const peoples = open.filter(({ user }) => user?.id !== rig && user?.id !== review);
  return jobsFor(
    conductor,
    peoples.map(({ number }) => ({ repositoryId: id, at: { pullRequest: number } })),
    CAUSE,
  );
}

const assignJob = ({ id }: Repository): JobRequest => ({ task: "assign", payload: { repositoryId: id }, key: `assign:${id}` });
