/** Pull requests as the history knows them. */
import type { Pool } from "pg";
import type { PrNumber, RepositoryId, Sha } from "../domain/ids.ts";
import { rows } from "./query.ts";

export interface StoredPullRequest {
  readonly repositoryId: RepositoryId;
  readonly number: PrNumber;
  /** The last head that was written down. */
  readonly headSha: Sha;
  readonly at: Date;
}

export const pullRequestsOf = (pool: Pool) => ({
  /** Pull requests that were opened, watched or pushed to since then, the newest first, and how many they are in all; of every repository when none is named. */
  async pullRequestsSince(
    since: Date,
    repositoryId: number | undefined,
    most: number,
  ): Promise<{ readonly found: readonly StoredPullRequest[]; readonly inAll: number }> {
    const found = await rows<StoredPullRequest & { readonly inAll: number }>(
      pool,
      `with heads as (
         select distinct on (i.repository_id, e.data->>'prNumber')
           i.repository_id::float8 as "repositoryId", (e.data->>'prNumber')::int as number, e.data->>'headSha' as "headSha", e.occurred_at as at
         from rig.events e join rig.issues i using (stream)
         where e.type in ('PR_CREATED', 'PR_WATCHED', 'PR_UPDATED') and e.occurred_at >= $1 and ($2::bigint is null or i.repository_id = $2)
         order by i.repository_id, e.data->>'prNumber', e.position desc
       )
       select *, (count(*) over ())::int as "inAll" from heads order by at desc, "repositoryId", number limit $3`,
      [since, repositoryId ?? null, most],
    );
    return { found: found.map(({ inAll: _, ...one }) => one), inAll: found[0]?.inAll ?? 0 };
  },
});
