import { nodeId } from "../shapes/node-id.ts";
import { htmlOf } from "../shapes/repository.ts";
import type { Issue } from "../state/issue.ts";
import type { User } from "../state/people.ts";
import type { Repository } from "../state/repository.ts";
import type { World } from "../world.ts";

/** GraphQL names a bot without `[bot]`. */
const showActor = (world: World, { id, login, type }: User) => ({
  __typename: type,
  id: nodeId("User", id),
  databaseId: id,
  login: login.replace(/\[bot\]$/, ""),
  url: `${world.origin}/${login}`,
});

/** An issue as far as GraphQL is served here. */
export function showIssueNode(world: World, repository: Repository, issue: Issue) {
  const { lastEdit } = issue;
  return {
    __typename: "Issue",
    id: nodeId("Issue", issue.id),
    databaseId: issue.id,
    fullDatabaseId: String(issue.id),
    number: issue.number,
    title: issue.title,
    body: issue.body ?? "",
    url: `${htmlOf(world, repository)}/issues/${issue.number}`,
    state: issue.state.toUpperCase(),
    closed: issue.state === "closed",
    closedAt: issue.closedAt,
    locked: issue.locked,
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    author: showActor(world, issue.author.user),
    lastEditedAt: lastEdit?.at ?? null,
    editor: lastEdit ? showActor(world, lastEdit.by.user) : null,
  };
}
