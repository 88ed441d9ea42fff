/** Routes that tell what repositories' own histories add up to. */
import { z } from "@hono/zod-openapi";
import { type RepositoryState, repositoryOf } from "../../domain/repository.ts";
import { Problem } from "../../door/problem.ts";
import type { ApiStore } from "./route.ts";

/** The parameter `repo`. */
export const OfRepository = z
  .string("must be a repository as owner/name")
  .regex(/^[^/\s]+\/[^/\s]+$/, "must be a repository as owner/name")
  .optional()
  .describe("Only of this repository, `owner/name`.");

/** Of the repository that is named, or of all; a name that is none is a problem. */
export async function repositoryStates(
  store: Pick<ApiStore, "repositories" | "repositoryByName" | "readStream">,
  repo: string | undefined,
): Promise<readonly { readonly repo: string; readonly state: RepositoryState }[]> {
  const [owner = "", name = ""] = repo?.split("/") ?? [];
  const one = repo === undefined ? undefined : await store.repositoryByName(owner, name);
  if (repo !== undefined && !one)
    throw new Problem(404, `The App is not installed in ${repo}: install it there, or correct the parameter repo.`);
  return Promise.all(
    (one ? [one] : await store.repositories()).map(async (found) => ({
      repo: `${found.owner}/${found.name}`,
      state: repositoryOf(found.stream, await store.readStream(found.stream)),
    })),
  );
}
