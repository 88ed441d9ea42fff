/** A workflow's own token cannot read an organization's teams; another one may. */
import type { Octokit } from "../../app/observe/github.ts";

const MEMBERSHIP = "/orgs/{org}/teams/{team_slug}/memberships/{username}";

/** Asks with this client who belongs to a team. Without one nobody does: what cannot be verified opens no gate (R12c). */
export function askTeamsWith(octokit: Octokit, teams: Octokit | undefined): void {
  octokit.hook.wrap("request", (request, options) => {
    if (options.url !== MEMBERSHIP) return request(options);
    if (!teams) throw Object.assign(new Error("The workflow's token cannot read the members of teams."), { status: 404 });
    const { org, team_slug, username } = options;
    return teams.request(`GET ${MEMBERSHIP}`, { org: String(org), team_slug: String(team_slug), username: String(username) });
  });
}
