import type { SeenOwners } from "../domain/seen.ts";
import { gone, orNothing, type Reader } from "./github.ts";

/** GitHub's order: the first that exists is the one that counts (F30). */
const places = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/** GitHub does not load a larger file (F30). */
const TOO_LARGE = 3_000_000;

/** CODEOWNERS of the default branch (R14), and what GitHub finds wrong with it, by line (R12c). */
export async function observeOwners(reader: Reader, ref: string): Promise<SeenOwners> {
  for (const path of places) {
    const file = await readFile(reader, path, ref);
    if (!file) continue;
    if (file.type !== "file") return { path, errors: [], unreadable: `${path} is not a file` };
    if (file.size >= TOO_LARGE) return { path, errors: [], unreadable: `${path} is 3 MB or larger, and GitHub does not load it` };
    const [text, errors] = await Promise.all([textOf(reader, file), errorsOf(reader, ref)]);
    return { path, text, errors };
  }
  return { errors: [] };
}

async function errorsOf({ octokit, owner, repo }: Reader, ref: string): Promise<SeenOwners["errors"]> {
  const answer = await orNothing(octokit.rest.repos.codeownersErrors({ owner, repo, ref }));
  return (answer?.data.errors ?? []).map(({ line, message }) => ({ line, message }));
}

/** A file's text at a ref; undefined where there is none. */
export async function readText(reader: Reader, path: string, ref: string): Promise<string | undefined> {
  const file = await readFile(reader, path, ref);
  return file?.type === "file" ? textOf(reader, file) : undefined;
}

interface Found {
  readonly type: string;
  readonly size: number;
  readonly sha: string;
  readonly content: string;
  readonly encoding: string;
}

async function readFile({ octokit, owner, repo }: Reader, path: string, ref: string): Promise<Found | undefined> {
  const answer = await orNothing(octokit.rest.repos.getContent({ owner, repo, path, ref }));
  if (!answer) return undefined;
  const { data } = answer;
  if (Array.isArray(data)) return { type: "dir", size: 0, sha: "", content: "", encoding: "" };
  const { type, size, sha } = data;
  return { type, size, sha, ...("content" in data ? { content: data.content, encoding: data.encoding } : { content: "", encoding: "" }) };
}

/** Above a megabyte GitHub shows the content only as a blob. */
async function textOf({ octokit, owner, repo }: Reader, { sha, content, encoding }: Found): Promise<string> {
  const base64 = encoding === "none" ? (await octokit.rest.git.getBlob({ owner, repo, file_sha: sha })).data.content : content;
  return Buffer.from(base64, "base64").toString("utf8");
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
        return (await isMember(octokit, { org, team_slug, username })) ? [username] : [];
      });
      return [team, (await Promise.all(asked)).flat()] as const;
    }),
  );
  return Object.fromEntries(members);
}

/** Who the App may not ask about is in no team: a gate stays shut rather than open. */
async function isMember({ rest }: Reader["octokit"], asked: { org: string; team_slug: string; username: string }): Promise<boolean> {
  try {
    return (await rest.teams.getMembershipForUserInOrg(asked)).data.state === "active";
  } catch (error) {
    if (gone(error)) return false;
    throw error;
  }
}
