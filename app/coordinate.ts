/** The five-minute pass: what webhooks may have missed. It looks; the corridors decide. */
import { architectJob, proposalsJob } from "./architect/jobs.ts";
import type { Conductor } from "./conductor.ts";
import { commentJobs } from "./coordination/comments.ts";
import { redeliver } from "./coordination/deliveries.ts";
import { lookAfterStore } from "./coordination/health.ts";
import { issueJobs, restingJobs } from "./coordination/issues.ts";
import { milestoneJobs } from "./coordination/milestones.ts";
import { syncRepositories } from "./coordination/repositories.ts";
import { policyInForce } from "./policies.ts";
import type { Repository } from "./store/repositories.ts";

const CAUSE = "coordination";

export async function coordinate(conductor: Conductor): Promise<void> {
  const { store, github, log } = conductor;
  const before = { ...github.calls };
  const health = await lookAfterStore(conductor);
  await chore(conductor, "GitHub's record of deliveries", async () => {
    const redelivered = await redeliver(conductor);
    if (redelivered > 0) log.warn({ redelivered }, "Deliveries had been lost");
  });
  await chore(conductor, "the App's installations", () => syncRepositories(conductor, CAUSE));
  const repositories = await store.repositories();
  for (const repository of repositories) {
    await chore(conductor, `${repository.owner}/${repository.name}`, () => goThrough(conductor, repository));
  }
  await store.addJobs([{ task: "board", payload: {}, key: "board" }]);
  await store.coordinated();
  const resting = repositories.filter(({ pausedBecause }) => pausedBecause !== null).length;
  const calls = { calls: github.calls.made - before.made, counted: github.calls.counted - before.counted };
  log.info({ ...health, repositories: repositories.length, resting, ...calls }, "The coordination has gone through everything");
}

/** Everything in one repository that a lost webhook could have told. One that rests is left alone. */
async function goThrough(conductor: Conductor, repository: Repository): Promise<void> {
  const { store, github } = conductor;
  if (!repository.readable) return;
  if (repository.pausedBecause !== null) return store.addJobs(await restingJobs(conductor, repository));
  const octokit = await github.installation(repository.installationId);
  // What production is watched by has to be known also where nobody looks at an issue.
  await policyInForce(conductor, { octokit, owner: repository.owner, repo: repository.name, memory: conductor.memory }, repository);
  await commentJobs(conductor, repository, octokit);
  await store.addJobs([...(await issueJobs(conductor, repository, octokit)), ...(await milestoneJobs(conductor, repository))]);
  await store.addJobs([architectJob(repository.id), proposalsJob(repository.id)]);
}

/** What cannot be read does not keep the rest from being looked at. */
async function chore({ log }: Conductor, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.error({ err: error }, `The coordination could not read ${what}`);
  }
}
