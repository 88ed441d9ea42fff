/** The five-minute pass: what webhooks may have missed. It looks; the corridor decides. */
import type { Conductor } from "./conductor.ts";
import { jobsFor, lookAt, subjectFor } from "./hear.ts";
import { lastGood } from "./policies.ts";
import type { JobRequest } from "./store/jobs.ts";
import type { Repository } from "./store/repositories.ts";

export async function coordinate(conductor: Conductor): Promise<void> {
  const { store, log } = conductor;
  await findRepositories(conductor);
  for (const repository of await store.repositories()) {
    try {
      const open = await jobsFor(conductor, [{ repositoryId: repository.id, at: { everything: true } }], "coordination");
      const labelled = await labelledIssues(conductor, repository);
      const assign: JobRequest = { task: "assign", payload: { repositoryId: repository.id }, key: `assign:${repository.id}` };
      await store.addJobs([...new Map([...open, ...labelled].map((job) => [job.key, job])).values(), assign]);
    } catch (error) {
      // One repository that cannot be read does not keep the others from being looked at.
      log.error({ err: error, repository: `${repository.owner}/${repository.name}` }, "The coordination could not read a repository");
    }
  }
}

/** Every repository the App is installed on, also those that no webhook has named yet. */
async function findRepositories({ store, github }: Conductor): Promise<void> {
  const app = await github.app();
  const installations = await app.paginate(app.rest.apps.listInstallations, { per_page: 100 });
  for (const { id, suspended_at } of installations) {
    if (suspended_at) continue;
    const octokit = await github.installation(id);
    const repositories = await octokit.paginate(octokit.rest.apps.listReposAccessibleToInstallation, { per_page: 100 });
    for (const { id: repositoryId, owner, name, default_branch, private: isPrivate } of repositories) {
      await store.upsertRepository({
        id: repositoryId,
        owner: owner.login,
        name,
        installationId: id,
        defaultBranch: default_branch,
        private: isPrivate,
      });
    }
  }
}

/** Open issues that carry the trigger label, whether or not we ever heard of them. */
async function labelledIssues({ store, github }: Conductor, repository: Repository): Promise<readonly JobRequest[]> {
  const octokit = await github.installation(repository.installationId);
  const { owner, name: repo } = repository;
  const issues = await octokit.paginate(octokit.rest.issues.listForRepo, {
    owner,
    repo,
    labels: lastGood(repository).trigger.label,
    state: "open",
    per_page: 100,
  });
  const subjects = await Promise.all(
    issues.filter(({ pull_request }) => !pull_request).map(({ number }) => subjectFor(store, repository.id, number)),
  );
  return subjects.flatMap((subject) => (subject ? [lookAt(subject, "coordination")] : []));
}
