import { notFound, type Reader } from "./github.ts";

/** Roles in the order of what they may do; a custom role counts by the role it is based on. */
const ranks = ["none", "read", "triage", "write", "maintain", "admin"] as const;
type Rank = (typeof ranks)[number];

const isRank = (name: string): name is Rank => (ranks as readonly string[]).includes(name);

/** R1: what a person may do here, asked now. 404 is no; an outage is undecided, and never yes. */
export async function mayAct({ octokit, owner, repo }: Reader, login: string, least: Rank): Promise<"admitted" | "refused" | "undecided"> {
  try {
    const { data } = await octokit.rest.repos.getCollaboratorPermissionLevel({ owner, repo, username: login });
    const role = isRank(data.role_name) ? data.role_name : isRank(data.permission) ? data.permission : "none";
    return ranks.indexOf(role) >= ranks.indexOf(least) ? "admitted" : "refused";
  } catch (error) {
    return notFound(error) ? "refused" : "undecided";
  }
}
