import type { SeenPullRequest } from "../domain/seen.ts";
import { orNothing, type Reader } from "./github.ts";

/** GitHub's order: the first that exists is the one that counts (F30). */
const places = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/** CODEOWNERS of the default branch (R14), and whether GitHub finds fault with it (R12c). */
export async function observeOwners(reader: Reader, ref: string): Promise<SeenPullRequest["owners"]> {
  const { octokit, owner, repo } = reader;
  const text = await firstText(reader, ref);
  if (text === undefined) return { faulty: false };
  const errors = await orNothing(octokit.rest.repos.codeownersErrors({ owner, repo, ref }));
  return { text, faulty: (errors?.data.errors.length ?? 0) > 0 };
}

async function firstText(reader: Reader, ref: string): Promise<string | undefined> {
  for (const path of places) {
    const text = await readText(reader, path, ref);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** A file's text at a ref; undefined where there is none. */
export async function readText({ octokit, owner, repo }: Reader, path: string, ref: string): Promise<string | undefined> {
  const answer = await orNothing(octokit.rest.repos.getContent({ owner, repo, path, ref }));
  const file = answer?.data;
  if (!file || Array.isArray(file) || file.type !== "file" || !("content" in file)) return undefined;
  return Buffer.from(file.content, "base64").toString("utf8");
}

/** Who of the reviewers belongs to the teams that CODEOWNERS names, asked now. */
export async function observeTeams(
  { octokit }: Reader,
  owners: string | undefined,
  reviewers: readonly string[],
): Promise<Readonly<Record<string, readonly string[]>>> {
  const teams = [...new Set(owners?.match(/@[\w.-]+\/[\w.-]+/g) ?? [])];
  const members = await Promise.all(
    teams.map(async (team) => {
      const [org = "", team_slug = ""] = team.slice(1).split("/");
      const asked = reviewers.map(async (username) => {
        const answer = await orNothing(octokit.rest.teams.getMembershipForUserInOrg({ org, team_slug, username }));
        return answer?.data.state === "active" ? [username] : [];
      });
      return [team, (await Promise.all(asked)).flat()] as const;
    }),
  );
  return Object.fromEntries(members);
}
