import type { Pool } from "pg";
import { type RepositoryId, repositoryStream, type StreamId } from "../domain/ids.ts";
import { type JobRequest, jobRows } from "./jobs.ts";
import { row, rows } from "./query.ts";
import { jsonText, plainText } from "./text.ts";

export interface NewRepository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly installationId: number;
  readonly defaultBranch: string;
  readonly private: boolean;
}

export interface Repository extends NewRepository {
  readonly id: RepositoryId;
  /** Its own history. */
  readonly stream: StreamId;
  /** The last good configuration as it was saved; null before one was. */
  readonly policy: unknown;
  /** The commit the policy in force was read at. */
  readonly policySha: string | null;
  /** The commit the file was last looked at. */
  readonly policyReadSha: string | null;
  /** Why the file at `policyReadSha` is not in force; null when it is. */
  readonly policyErrors: readonly PolicyError[] | null;
  /** Why nothing may be done there now; null where all is well. */
  readonly pausedBecause: string | null;
  /** Why the protection of the default branch is not what it was; null where it is. */
  readonly drift: string | null;
  /** False while GitHub refuses to show it: looks would fail, and its issues are held unseen. */
  readonly readable: boolean;
  readonly updatedAt: Date;
}

/** What a look at a repository may change of its row. */
export type RepositoryNow = NewRepository & Pick<Repository, "readable" | "pausedBecause">;

export interface PolicyError {
  readonly line: number;
  readonly message: string;
}

const REPOSITORY = `
  select id::float8 as id, stream, owner, name, installation_id::float8 as "installationId", default_branch as "defaultBranch", private,
    policy, policy_sha as "policySha", policy_read_sha as "policyReadSha", policy_errors as "policyErrors", paused_because as "pausedBecause", drift, readable, updated_at as "updatedAt"
  from rig.repositories`;

export const repositoriesOf = (pool: Pool) => ({
  /** Notes a repository, or what is new about it; its policy stays. */
  async upsertRepository({ id, owner, name, installationId, defaultBranch, private: isPrivate }: NewRepository): Promise<void> {
    await rows(
      pool,
      `insert into rig.repositories as r (id, owner, name, installation_id, default_branch, private, stream)
       select $1::bigint, $2, $3, $4, $5, $6, case when exists (select from rig.repositories where stream = $7) then $7 || '/' || $1::bigint else $7 end
       on conflict (id) do update set owner = excluded.owner, name = excluded.name, installation_id = excluded.installation_id,
         default_branch = excluded.default_branch, private = excluded.private, updated_at = clock_timestamp()
       where (r.owner, r.name, r.installation_id, r.default_branch, r.private)
         is distinct from (excluded.owner, excluded.name, excluded.installation_id, excluded.default_branch, excluded.private)`,
      [id, plainText(owner), plainText(name), installationId, plainText(defaultBranch), isPrivate, repositoryStream(owner, name)],
    );
  },

  async repository(id: number): Promise<Repository | undefined> {
    return (await rows<Repository>(pool, `${REPOSITORY} where id = $1`, [id]))[0];
  },

  /** The repository of that name; of two that had it one after the other, the one heard of last. */
  async repositoryByName(owner: string, name: string): Promise<Repository | undefined> {
    return (
      await rows<Repository>(
        pool,
        `${REPOSITORY} where lower(owner) = lower($1) and lower(name) = lower($2) order by updated_at desc limit 1`,
        [owner, name],
      )
    )[0];
  },

  repositories: (): Promise<Repository[]> => rows<Repository>(pool, `${REPOSITORY} order by owner, name`),

  /** Milestones of which all issues that the Rig knows are done, with how many those are. */
  doneMilestones: (repositoryId: number): Promise<{ milestone: string; issueCount: number }[]> =>
    rows(
      pool,
      `select milestone, count(*)::int as "issueCount" from rig.issues where repository_id = $1 and milestone is not null
       group by milestone having bool_and(state = 'done') order by milestone`,
      [repositoryId],
    ),

  /**
   * Writes down what its history and GitHub say of a repository now. Where that pauses it or lets it go on, the jobs are added
   * together with it, and the answer is true.
   */
  async saveRepository(
    { id, owner, name, installationId, defaultBranch, private: isPrivate, readable, pausedBecause }: RepositoryNow,
    jobs: readonly JobRequest[],
  ): Promise<boolean> {
    const { changed } = await row<{ changed: boolean }>(pool, "select rig.save_repository($1, $2, $3, $4, $5, $6, $7, $8, $9) as changed", [
      id,
      plainText(owner),
      plainText(name),
      installationId,
      plainText(defaultBranch),
      isPrivate,
      readable,
      pausedBecause === null ? null : plainText(pausedBecause),
      jsonText(jobRows(jobs)),
    ]);
    return changed;
  },

  /** Writes down whether the protection of the default branch has drifted; answers whether that is new. */
  async saveDrift(id: number, drift: string | undefined): Promise<boolean> {
    const saved = await rows(
      pool,
      "update rig.repositories set drift = $2, updated_at = clock_timestamp() where id = $1 and drift is distinct from $2 returning 1",
      [id, drift === undefined ? null : plainText(drift)],
    );
    return saved.length > 0;
  },

  /** Saves a good policy, or the errors of a bad one, which leave the last good one in force (R14). */
  async savePolicy(
    id: number,
    sha: string,
    outcome: { readonly policy: unknown } | { readonly errors: readonly PolicyError[] },
  ): Promise<void> {
    const saved =
      "policy" in outcome
        ? await rows(
            pool,
            "update rig.repositories set policy = $2, policy_sha = $3, policy_read_sha = $3, policy_errors = null, updated_at = clock_timestamp() where id = $1 returning 1",
            [id, jsonText(outcome.policy), sha],
          )
        : await rows(
            pool,
            "update rig.repositories set policy_errors = $2, policy_read_sha = $3, updated_at = clock_timestamp() where id = $1 returning 1",
            [id, jsonText(outcome.errors), sha],
          );
    if (saved.length === 0) throw new Error(`The repository ${id} is not known: save it before its policy.`);
  },
});
