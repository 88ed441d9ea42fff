import { missing } from "./errors.ts";
import type { GitHub } from "./state.ts";

interface Membership {
  readonly org: string;
  readonly team_slug: string;
  readonly username: string;
}

export const teamsApi = ({ teams }: GitHub) => ({
  getMembershipForUserInOrg: async ({ org, team_slug, username }: Membership) => ({
    data: teams.get(`${org}/${team_slug}`)?.has(username) ? { state: "active" } : missing(`${username} in ${team_slug}`),
  }),
});

export const usersApi = ({ people }: GitHub) => ({
  getById: async ({ account_id }: { readonly account_id: number }) => ({
    data: [...people.values()].find(({ id }) => id === account_id) ?? missing(`account ${account_id}`),
  }),
});
