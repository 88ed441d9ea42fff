/** Octokit's shape over the GitHub in memory: the calls that the corridor makes, and an error for any other. */
import type { Octokit } from "../../../app/observe/github.ts";
import { actionsApi, dispatch } from "./actions.ts";
import { checksApi } from "./checks.ts";
import { HttpError, strict } from "./errors.ts";
import { blobs, gitApi } from "./git.ts";
import { edits, issuesApi, reactionsApi } from "./issues.ts";
import { pullsApi } from "./pulls.ts";
import { reposApi } from "./repositories.ts";
import type { GitHub } from "./state.ts";
import { teamsApi, usersApi } from "./teams.ts";

type Call = (params: never) => Promise<{ readonly data: unknown }>;
type Around = <T>(name: string, call: () => Promise<T>) => Promise<T>;

/** `around` is called with each call and the way to make it. */
export function clientOf(github: GitHub, around: Around = (_, call) => call()): Octokit {
  const asked: Around = (name, call) =>
    around(name, async () => {
      const status = github.faults.get(name)?.shift();
      if (status === undefined) return call();
      github.faulted += 1;
      // Of a 502 nobody knows whether it did what it was asked to.
      if (status === 502) await call();
      throw new HttpError(status, `${name} answers ${status}`);
    });
  const group = <T extends Record<string, Call>>(name: string, calls: T) =>
    strict(
      `octokit.rest.${name}`,
      Object.fromEntries(Object.entries(calls).map(([key, call]) => [key, (params: never) => asked(`${name}.${key}`, () => call(params))])),
    );
  const rest = strict("octokit.rest", {
    issues: group("issues", issuesApi(github)),
    reactions: group("reactions", reactionsApi(github)),
    pulls: group("pulls", pullsApi(github)),
    git: group("git", gitApi(github)),
    repos: group("repos", reposApi(github)),
    checks: group("checks", checksApi(github)),
    actions: group("actions", actionsApi(github)),
    teams: group("teams", teamsApi(github)),
    users: group("users", usersApi(github)),
  });
  const pages = async (call: Call, params: never) => listIn((await call(params)).data);
  const paginate = Object.assign(pages, {
    iterator: async function* (call: Call, params: never) {
      yield { data: await pages(call, params) };
    },
  });
  const client = {
    rest,
    paginate,
    graphql: (query: string, params: { readonly number: number }) =>
      asked("graphql", async () => (query.includes("... on Blob") ? blobs(github, query) : edits(github, params.number))),
    request: (route: string, params: never) =>
      asked("dispatch", async () => {
        if (!route.endsWith("/dispatches")) throw new Error(`There is no ${route} here.`);
        return dispatch(github, params);
      }),
  };
  return strict("octokit", client) as unknown as Octokit;
}

const listIn = (data: unknown): readonly unknown[] =>
  Array.isArray(data) ? data : (Object.values(data as object).find((value) => Array.isArray(value)) ?? []);
