import { issueStream } from "../domain/ids.ts";
import { Problem } from "../door/problem.ts";
import type { IssueRow } from "../store/issues.ts";
import type { Store } from "../store/store.ts";

/** The issue of that name: its repository's present one, or the one it had when its history began. */
export async function issueNamed(
  store: Pick<Store, "repositoryByName" | "issueByNumber" | "issueByStream">,
  owner: string,
  repo: string,
  number: number,
): Promise<IssueRow> {
  const repository = await store.repositoryByName(owner, repo);
  const issue = repository ? await store.issueByNumber(repository.id, number) : await store.issueByStream(issueStream(owner, repo, number));
  if (!issue)
    throw new Problem(404, `The Rig knows no issue ${owner}/${repo}#${number}: it appears once a person puts the trigger label on it.`);
  return issue;
}
