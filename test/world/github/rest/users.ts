import { notFound, Refusal } from "../http/refusal.ts";
import { showUser } from "../shapes/people.ts";
import type { User } from "../state/people.ts";
import type { World } from "../world.ts";
import { type Endpoint, general, ok } from "./endpoint.ts";

const showProfile = (world: World, user: User) => ({
  ...showUser(world, user),
  name: user.login,
  company: null,
  blog: "",
  location: null,
  email: null,
  hireable: null,
  bio: null,
  twitter_username: null,
  public_repos: 0,
  public_gists: 0,
  followers: 0,
  following: 0,
  created_at: user.createdAt,
  updated_at: user.createdAt,
});

export const userEndpoints: readonly Endpoint[] = [
  general("users/get-by-username", "anybody", ({ world, params }) => {
    const user = world.users.get(params.username.toLowerCase());
    if (!user) throw notFound();
    return ok(showProfile(world, user));
  }),
  general("users/get-by-id", "anybody", ({ world, params }) => {
    const user = [...world.users.values()].find(({ id }) => id === Number(params.account_id));
    if (!user) throw notFound();
    return ok(showProfile(world, user));
  }),
  general("users/get-authenticated", "person", ({ world, identity }) => {
    if (identity.kind !== "person") throw new Refusal(403, "Resource not accessible by integration");
    return ok(showProfile(world, identity.user));
  }),
  general("rate-limit/get", "anybody", ({ world, identity }) => {
    const { resource: _, ...core } = world.calls.quota(identity, "core");
    const { resource: __, ...graphql } = world.calls.quota(identity, "graphql");
    return ok({ resources: { core, graphql, search: { ...core, used: 0, limit: 30, remaining: 30 } }, rate: core });
  }),
];
