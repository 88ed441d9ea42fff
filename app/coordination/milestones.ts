/** A milestone is complete when the Rig's issues of it are done and GitHub shows no other that is open. */
import type { Conductor } from "../conductor.ts";
import { repositoryOf } from "../domain/repository.ts";
import { observeMilestone } from "../observe/milestone.ts";
import { record } from "../repository.ts";
import { allDone, milestoneComplete } from "../rules/repository/milestone.ts";
import type { JobRequest } from "../store/jobs.ts";
import type { Repository } from "../store/repositories.ts";

export const milestoneJob = (repositoryId: number, milestone: string): JobRequest => ({
  task: "milestone",
  payload: { repositoryId, milestone },
  key: `milestone:${repositoryId}:${milestone}`,
});

/** Milestones whose issues are all done and that were not said to be complete like that. */
export async function milestoneJobs({ store }: Conductor, { id, stream }: Repository): Promise<readonly JobRequest[]> {
  const done = await store.doneMilestones(id);
  if (done.length === 0) return [];
  const { milestones } = repositoryOf(stream, await store.readStream(stream));
  return done
    .filter(({ milestone, issueCount }) => milestones[milestone] !== issueCount)
    .map(({ milestone }) => milestoneJob(id, milestone));
}

export async function syncMilestone(conductor: Conductor, repositoryId: number, milestone: string, cause: string): Promise<void> {
  const { store, github, memory } = conductor;
  const repository = await store.repository(repositoryId);
  const states = (await store.issuesOfMilestone(repositoryId, milestone)).map(({ state }) => state);
  if (!repository?.readable || !allDone(states)) return;
  const { owner, name: repo, installationId } = repository;
  const seen = await observeMilestone({ octokit: await github.installation(installationId), owner, repo, memory }, milestone);
  await record(conductor, repository, cause, (state) =>
    milestoneComplete(state, states, seen).map((event) => ({
      ...event,
      dedupeKey: `milestone:${repositoryId}:${seen?.number}:${event.data.issueCount}`,
    })),
  );
}
