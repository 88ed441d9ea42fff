import { notFound } from "../http/refusal.ts";
import { showReaction } from "../shapes/issue.ts";
import type { Reaction, ReactionContent } from "../state/issue.ts";
import type { User } from "../state/people.ts";
import { nextId, nowIso, type World } from "../world.ts";
import { created, type Endpoint, noContent, ok, onRepository } from "./endpoint.ts";
import { findComment, findIssue } from "./find.ts";
import { listed } from "./pages.ts";

const reads = { app: { issues: "read" }, person: "read", pullsToo: true } as const;
const writes = { app: { issues: "write" }, person: "read", pullsToo: true } as const;

/** One of a kind per person: the second answers 200 with the first. */
function react(world: World, reactions: Reaction[], user: User, content: ReactionContent) {
  const same = reactions.find((one) => one.user.id === user.id && one.content === content);
  if (same) return ok(showReaction(world, same));
  const reaction = { id: nextId(world, "reaction"), user, content, createdAt: nowIso(world) };
  reactions.push(reaction);
  return created(showReaction(world, reaction));
}

function take(reactions: Reaction[], id: number, user: User) {
  const at = reactions.findIndex((one) => one.id === id && one.user.id === user.id);
  if (at < 0) throw notFound();
  reactions.splice(at, 1);
  return noContent;
}

const only = (reactions: readonly Reaction[], content: string | undefined) =>
  reactions.filter((one) => !content || one.content === content);

export const reactionEndpoints: readonly Endpoint[] = [
  onRepository("reactions/list-for-issue-comment", reads, (call) =>
    listed(call, only(findComment(call.repository, call.params.comment_id).reactions, call.query.content), (one) =>
      showReaction(call.world, one),
    ),
  ),
  onRepository("reactions/create-for-issue-comment", writes, ({ world, repository, author, params, body }) =>
    react(world, findComment(repository, params.comment_id).reactions, author().user, body.content),
  ),
  onRepository("reactions/delete-for-issue-comment", writes, ({ repository, author, params }) =>
    take(findComment(repository, params.comment_id).reactions, params.reaction_id, author().user),
  ),
  onRepository("reactions/list-for-issue", reads, (call) =>
    listed(call, only(findIssue(call.repository, call.params.issue_number).reactions, call.query.content), (one) =>
      showReaction(call.world, one),
    ),
  ),
  onRepository("reactions/create-for-issue", writes, ({ world, repository, author, params, body }) =>
    react(world, findIssue(repository, params.issue_number).reactions, author().user, body.content),
  ),
];
