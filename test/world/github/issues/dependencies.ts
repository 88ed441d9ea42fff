import { showIssue } from "../shapes/issue.ts";
import { showRepository } from "../shapes/repository.ts";
import type { Issue } from "../state/issue.ts";
import type { Author } from "../state/people.ts";
import { announce } from "../webhooks/announce.ts";
import { repositoryById, type World } from "../world.ts";
import { record } from "./acts.ts";

/** Both issues have it in their history, and both repositories hear of it. GitHub tells of it only in organisations. */
function tell(world: World, blocked: Issue, blocking: Issue, by: Author, what: "added" | "removed"): void {
  record(world, blocked, `blocked_by_${what}`, by, { other: blocking });
  record(world, blocking, `blocking_${what}`, by, { other: blocked });
  const [here, there] = [blocked, blocking].map(({ repositoryId }) => repositoryById(world, repositoryId));
  if (!here || !there) return;
  const payload = {
    blocked_issue_id: blocked.id,
    blocked_issue: showIssue(world, here, blocked),
    blocking_issue_id: blocking.id,
    blocking_issue: showIssue(world, there, blocking),
  };
  const event = "issue_dependencies";
  if (here.owner.type === "Organization")
    announce(world, here, {
      event,
      action: `blocked_by_${what}`,
      by,
      payload: { ...payload, blocking_issue_repo: showRepository(world, there) },
    });
  if (there.owner.type === "Organization")
    announce(world, there, {
      event,
      action: `blocking_${what}`,
      by,
      payload: { ...payload, blocked_issue_repo: showRepository(world, here) },
    });
}

/** False: it was so already. */
export function block(world: World, blocked: Issue, blocking: Issue, by: Author): boolean {
  if (blocked.blockedBy.includes(blocking)) return false;
  blocked.blockedBy.push(blocking);
  tell(world, blocked, blocking, by, "added");
  return true;
}

/** False: it was not blocked by that. */
export function unblock(world: World, blocked: Issue, blocking: Issue, by: Author): boolean {
  const at = blocked.blockedBy.indexOf(blocking);
  if (at < 0) return false;
  blocked.blockedBy.splice(at, 1);
  tell(world, blocked, blocking, by, "removed");
  return true;
}
