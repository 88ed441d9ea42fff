import { mayDo, mayKnow } from "../auth/authorize.ts";
import type { Identity } from "../auth/identity.ts";
import { nodeId } from "../shapes/node-id.ts";
import { showRepository } from "../shapes/repository.ts";
import type { Repository } from "../state/repository.ts";
import { findRepository, formerly, fullName, type World } from "../world.ts";
import { refusal } from "./errors.ts";
import { showIssueNode } from "./issue.ts";
import { showObjectNode } from "./object.ts";
import { showPullNode } from "./pull-request.ts";

const reads = { app: { issues: "read" }, person: "read" } as const;
const contents = { app: { contents: "read" }, person: "read" } as const;

function showRepositoryNode(world: World, identity: Identity, repository: Repository) {
  return {
    __typename: "Repository",
    id: nodeId("Repository", repository.id),
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: fullName(repository),
    url: showRepository(world, repository).html_url,
    isPrivate: repository.private,
    isArchived: repository.archived,
    object: (wanted: { readonly oid?: string; readonly expression?: string }) => {
      if (!mayDo(identity, repository, contents)) throw refusal("FORBIDDEN", "Resource not accessible by integration");
      return showObjectNode(repository, wanted);
    },
    issue: ({ number }: { number: number }) => {
      if (!mayDo(identity, repository, reads)) throw refusal("FORBIDDEN", "Resource not accessible by integration");
      const issue = repository.issues.get(number);
      if (!issue || issue.pull) throw refusal("NOT_FOUND", `Could not resolve to an Issue with the number of ${number}.`);
      return showIssueNode(world, repository, issue);
    },
    pullRequest: ({ number }: { number: number }) => showPullNode(world, identity, repository, number),
  };
}

/** What can be asked: a repository by name, in it an issue by number. */
export const queryRoot = (world: World, identity: Identity) => ({
  __typename: "Query",
  rateLimit: () => {
    const { limit, used, remaining, reset } = world.calls.quota(identity, "graphql");
    return { limit, used, remaining, cost: 1, nodeCount: 1, resetAt: new Date(reset * 1000).toISOString() };
  },
  repository: ({ owner, name }: { owner: string; name: string }) => {
    const repository = findRepository(world, owner, name) ?? formerly(world, owner, name);
    if (!repository || !mayKnow(identity, repository))
      throw refusal("NOT_FOUND", `Could not resolve to a Repository with the name '${owner}/${name}'.`);
    return showRepositoryNode(world, identity, repository);
  },
});
