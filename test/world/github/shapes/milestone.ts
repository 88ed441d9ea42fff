import type { Milestone } from "../state/issue.ts";
import type { Repository } from "../state/repository.ts";
import type { World } from "../world.ts";
import { nodeId } from "./node-id.ts";
import { showUser } from "./people.ts";
import { apiOf, htmlOf } from "./repository.ts";

export function showMilestone(world: World, repository: Repository, milestone: Milestone) {
  const url = `${apiOf(world, repository)}/milestones/${milestone.number}`;
  const states = [...repository.issues.values()].filter((issue) => issue.milestone === milestone).map(({ state }) => state);
  return {
    url,
    html_url: `${htmlOf(world, repository)}/milestone/${milestone.number}`,
    labels_url: `${url}/labels`,
    id: milestone.id,
    node_id: nodeId("Milestone", milestone.id),
    number: milestone.number,
    title: milestone.title,
    description: milestone.description,
    creator: showUser(world, milestone.creator.user),
    open_issues: states.filter((state) => state === "open").length,
    closed_issues: states.filter((state) => state === "closed").length,
    state: milestone.state,
    created_at: milestone.createdAt,
    updated_at: milestone.updatedAt,
    due_on: milestone.dueOn,
    closed_at: milestone.closedAt,
  };
}
