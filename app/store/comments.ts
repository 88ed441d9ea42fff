import type { Pool } from "pg";
import { type JobRequest, jobRows } from "./jobs.ts";
import { row, rows } from "./query.ts";
import { jsonText } from "./text.ts";

export const commentsOf = (pool: Pool) => ({
  /** Since when a repository's comments are still to be looked at. */
  async commentsSince(repositoryId: number): Promise<Date> {
    const { since } = await row<{ since: Date }>(pool, "select comments_since as since from rig.repositories where id = $1", [
      repositoryId,
    ]);
    return since;
  },

  /** Adds the jobs that comments up to `until` ask for and notes that these were read, together. */
  async readComments(repositoryId: number, until: Date, jobs: readonly JobRequest[]): Promise<void> {
    await rows(pool, "select rig.read_comments($1, $2, $3)", [repositoryId, until, jsonText(jobRows(jobs))]);
  },
});
