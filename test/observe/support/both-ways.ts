/** The two ways to a pull request's changes, each made to go alone. */
import { expect } from "@jest/globals";
import type { ChangedFile, SeenChanges } from "../../../app/domain/seen.ts";
import { type ComparedPullRequest, observeChanges } from "../../../app/observe/changes.ts";
import type { Reader } from "../../../app/observe/github.ts";

/** More files than the API is asked for: then git's own objects tell. */
const MANY = 2_999;

/** GitHub's API alone: git has no place to fetch from. */
export const byApi = (reader: Reader, pr: ComparedPullRequest): Promise<SeenChanges> =>
  observeChanges(reader, { ...pr, base: { ...pr.base, repo: { clone_url: "http://127.0.0.1:1/nowhere.git" } } });

export const byGit = (reader: Reader, pr: ComparedPullRequest): Promise<SeenChanges> =>
  observeChanges(reader, { ...pr, changed_files: MANY });

/** What both ways say; fails where they differ. */
export async function bothWays(reader: Reader, pr: ComparedPullRequest): Promise<ReadonlyMap<string, ChangedFile>> {
  const [api, git] = [await byApi(reader, pr), await byGit(reader, pr)];
  expect(api.complete).toBe(true);
  expect(git).toEqual(api);
  return new Map(api.files.map((file) => [file.path, file]));
}
