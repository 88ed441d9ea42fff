import { invalid, notFound } from "../http/refusal.ts";
import { createMilestone, deleteMilestone, editMilestone, setMilestoneState } from "../issues/milestones.ts";
import { showMilestone } from "../shapes/milestone.ts";
import type { Milestone } from "../state/issue.ts";
import type { Repository } from "../state/repository.ts";
import { created, type Endpoint, noContent, ok, onRepository } from "./endpoint.ts";
import { listed } from "./pages.ts";

const reads = { app: [{ issues: "read" }, { pull_requests: "read" }], person: "read" } as const;
const writes = { app: [{ issues: "write" }, { pull_requests: "write" }], person: "triage" } as const;

export function findMilestone(repository: Repository, number: number): Milestone {
  const milestone = repository.milestones.get(number);
  if (!milestone) throw notFound();
  return milestone;
}

function refuseTaken(repository: Repository, title: string, but?: Milestone): void {
  const taken = [...repository.milestones.values()].some((one) => one !== but && one.title === title);
  if (taken) throw invalid({ resource: "Milestone", field: "title", code: "already_exists" });
}

/** Those without a date come last, whatever the direction. */
function byDueDate(one: Milestone, other: Milestone): number {
  if (one.dueOn === other.dueOn) return one.number - other.number;
  return (one.dueOn ?? "9999").localeCompare(other.dueOn ?? "9999");
}

interface Sent {
  readonly title?: string;
  readonly description?: string;
  readonly due_on?: string;
  readonly state?: "open" | "closed";
}

const textOf = ({ title, description, due_on: dueOn }: Sent) => ({
  ...(title === undefined ? {} : { title }),
  ...(description === undefined ? {} : { description }),
  ...(dueOn === undefined ? {} : { dueOn }),
});

export const milestoneEndpoints: readonly Endpoint[] = [
  onRepository("issues/list-milestones", reads, (call) => {
    const { world, repository, query } = call;
    const open = (milestone: Milestone) =>
      [...repository.issues.values()].filter((issue) => issue.milestone === milestone && issue.state === "open").length;
    const found = [...repository.milestones.values()]
      .filter(({ state }) => query.state === "all" || state === (query.state ?? "open"))
      .sort(query.sort === "completeness" ? (one, other) => open(other) - open(one) : byDueDate);
    return listed(call, query.direction === "desc" ? found.reverse() : found, (one) => showMilestone(world, repository, one));
  }),
  onRepository("issues/create-milestone", writes, ({ world, repository, author, body }) => {
    refuseTaken(repository, body.title);
    const milestone = createMilestone(world, repository, author(), { ...textOf(body as Sent), title: body.title });
    if (body.state) setMilestoneState(world, repository, milestone, author(), body.state);
    return created(showMilestone(world, repository, milestone));
  }),
  onRepository("issues/get-milestone", reads, ({ world, repository, params }) =>
    ok(showMilestone(world, repository, findMilestone(repository, params.milestone_number))),
  ),
  onRepository("issues/update-milestone", writes, ({ world, repository, author, params, body }) => {
    const milestone = findMilestone(repository, params.milestone_number);
    const sent = (body ?? {}) as Sent;
    if (sent.title !== undefined) refuseTaken(repository, sent.title, milestone);
    editMilestone(world, repository, milestone, author(), textOf(sent));
    if (sent.state) setMilestoneState(world, repository, milestone, author(), sent.state);
    return ok(showMilestone(world, repository, milestone));
  }),
  onRepository("issues/delete-milestone", writes, async ({ world, repository, author, params }) => {
    await deleteMilestone(world, repository, findMilestone(repository, params.milestone_number), author());
    return noContent;
  }),
];
