/** F1: commands whose deliveries were lost stand among the comments that changed since the last look. */
import type { Conductor } from "../conductor.ts";
import { commandJob } from "../hear.ts";
import type { Octokit } from "../observe/github.ts";
import { commandIn, ourIds, wasHeard } from "../spoken.ts";
import type { JobRequest } from "../store/jobs.ts";
import type { Repository } from "../store/repositories.ts";

/** Adds a job for each command that was not heard yet, notes in the same transaction how far it has read, and answers what it added. */
export async function commentJobs(
  conductor: Conductor,
  { id, owner, name: repo }: Pick<Repository, "id" | "owner" | "name">,
  octokit: Octokit,
): Promise<readonly JobRequest[]> {
  const since = await conductor.store.commentsSince(id);
  const comments = await octokit.paginate(octokit.rest.issues.listCommentsForRepo, {
    ...{ owner, repo, sort: "updated", direction: "asc", per_page: 100 },
    since: since.toISOString().replace(/\.\d+/, ""),
  });
  const ours = await ourIds(conductor);
  const jobs: JobRequest[] = [];
  for (const comment of comments) {
    if (commandIn(comment, ours) && !(await wasHeard(conductor, id, comment))) jobs.push(commandJob(id, comment.id));
  }
  // The last second is read again: more may still be said in it.
  const until = new Date(Math.max(since.getTime(), ...comments.map(({ updated_at }) => Date.parse(updated_at))));
  await conductor.store.readComments(id, until, jobs);
  return jobs;
}
