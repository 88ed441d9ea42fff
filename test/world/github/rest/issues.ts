import { atLeast, roleOf } from "../auth/authorize.ts";
import { invalid, Refusal } from "../http/refusal.ts";
import { assign, closeIssue, editText, openIssue, reopenIssue } from "../issues/issue.ts";
import { addLabels, setLabels } from "../issues/labels.ts";
import { lockIssue, unlockIssue } from "../issues/lock.ts";
import { setMilestone } from "../issues/milestones.ts";
import { showIssue, showIssueAlone } from "../shapes/issue.ts";
import { onlyInTimeline, showAct, showTimeline } from "../shapes/timeline.ts";
import type { Issue, Milestone } from "../state/issue.ts";
import type { Author, User } from "../state/people.ts";
import type { Repository } from "../state/repository.ts";
import type { World } from "../world.ts";
import { created, type Endpoint, noContent, ok, onRepository } from "./endpoint.ts";
import { findIssue } from "./find.ts";
import { listed } from "./pages.ts";
import { acceptable } from "./text.ts";
import { unsupported } from "./unsupported.ts";

const reads = { app: { issues: "read" }, person: "read", pullsToo: true } as const;
const writes = { app: { issues: "write" }, person: "read", pullsToo: true } as const;

type Labels = readonly (string | { readonly name?: string })[] | undefined;
const names = (labels: Labels) => (labels ?? []).map((label) => (typeof label === "string" ? label : (label.name ?? "")));

/** Apps that came this far may; people need the triage role, or to be the author. */
const mayTriage = (repository: Repository, { user, app }: Author) => app !== undefined || atLeast(roleOf(repository, user), "triage");

const users = (world: World, repository: Repository, logins: readonly string[] = []): User[] =>
  logins.flatMap((login) => {
    const user = world.users.get(login.toLowerCase());
    return user && roleOf(repository, user) ? [user] : [];
  });

/** `none`, `*` for any, or a number. */
function inMilestone(milestone: Milestone | undefined, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  if (wanted === "none") return milestone === undefined;
  return wanted === "*" ? milestone !== undefined : milestone?.number === Number(wanted);
}

function milestoneIn(repository: Repository, number: string | number | null | undefined): Milestone | undefined {
  if (number === null || number === undefined) return undefined;
  const milestone = repository.milestones.get(Number(number));
  if (!milestone) throw invalid({ resource: "Issue", field: "milestone", code: "invalid" });
  return milestone;
}

const byDate = (issue: Issue, sort: string | undefined) => (sort === "updated" ? issue.updatedAt : issue.createdAt);

export const issueEndpoints: readonly Endpoint[] = [
  onRepository("issues/list-for-repo", { app: [{ issues: "read" }, { pull_requests: "read" }], person: "read" }, (call) => {
    const { world, repository, query } = call;
    unsupported(query, "assignee", "type", "mentioned", "issue_field_values");
    const wanted = query.labels?.split(",").map((name) => name.trim().toLowerCase()) ?? [];
    const found = [...repository.issues.values()]
      .filter(({ state }) => query.state === "all" || state === (query.state ?? "open"))
      .filter(({ labels }) => wanted.every((name) => labels.some((label) => label.name.toLowerCase() === name)))
      .filter(({ author }) => !query.creator || author.user.login.toLowerCase() === query.creator.toLowerCase())
      .filter(({ milestone }) => inMilestone(milestone, query.milestone))
      .filter(({ updatedAt }) => !query.since || updatedAt >= query.since)
      .sort((one, other) => byDate(one, query.sort).localeCompare(byDate(other, query.sort)) || one.number - other.number);
    return listed(call, query.direction === "asc" ? found : found.reverse(), (issue) => showIssue(world, repository, issue));
  }),
  onRepository("issues/create", { app: { issues: "write" }, person: "read" }, async ({ world, repository, author, body }) => {
    unsupported(body, "type", "assignee", "issue_field_values");
    const by = author();
    const issue = await openIssue(world, repository, by, String(body.title), acceptable("Issue", body.body ?? "", true) || null);
    // GitHub leaves out, without a word, what somebody without the triage role asks for.
    if (mayTriage(repository, by)) {
      await addLabels(world, repository, issue, by, names(body.labels as Labels));
      await assign(world, repository, issue, by, users(world, repository, body.assignees));
      await setMilestone(world, repository, issue, by, milestoneIn(repository, body.milestone));
    }
    return created(showIssueAlone(world, repository, issue));
  }),
  onRepository("issues/get", reads, ({ world, repository, params }) =>
    ok(showIssueAlone(world, repository, findIssue(repository, params.issue_number))),
  ),
  onRepository("issues/update", writes, async ({ world, repository, author, params, body }) => {
    const issue = findIssue(repository, params.issue_number);
    const by = author();
    const wish = body ?? {};
    unsupported(wish, "type", "assignee", "assignees", "issue_field_values", "duplicate_issue_id");
    if (by.user.id !== issue.author.user.id && !mayTriage(repository, by)) throw new Refusal(403, "Must have triage rights to Repository.");
    const text = {
      ...(wish.title == null ? {} : { title: String(wish.title) }),
      ...(wish.body === undefined ? {} : { body: wish.body && acceptable("Issue", wish.body, true) }),
    };
    await editText(world, repository, issue, by, text);
    if (wish.milestone !== undefined && mayTriage(repository, by))
      await setMilestone(world, repository, issue, by, milestoneIn(repository, wish.milestone));
    if (wish.labels && mayTriage(repository, by)) await setLabels(world, repository, issue, by, names(wish.labels as Labels));
    const reason = wish.state_reason === "reopened" ? undefined : (wish.state_reason ?? undefined);
    if (wish.state === "closed") await closeIssue(world, repository, issue, by, reason);
    if (wish.state === "open") await reopenIssue(world, repository, issue, by);
    return ok(showIssueAlone(world, repository, issue));
  }),
  onRepository("issues/list-events-for-timeline", reads, async (call) =>
    listed(call, await showTimeline(call.world, call.repository, findIssue(call.repository, call.params.issue_number)), (act) => act),
  ),
  onRepository("issues/list-events", reads, (call) => {
    const { world, repository } = call;
    const acts = findIssue(repository, call.params.issue_number).acts.filter((act) => !onlyInTimeline(act));
    return listed(call, acts, (act) => showAct(world, repository, act));
  }),
  onRepository("issues/add-assignees", { ...writes, person: "triage" }, async ({ world, repository, author, params, body }) => {
    const issue = findIssue(repository, params.issue_number);
    await assign(world, repository, issue, author(), users(world, repository, body?.assignees as readonly string[] | undefined));
    return created(showIssueAlone(world, repository, issue));
  }),
  onRepository("issues/lock", { ...writes, person: "write" }, async ({ world, repository, author, params, body }) => {
    await lockIssue(world, repository, findIssue(repository, params.issue_number), author(), body?.lock_reason);
    return noContent;
  }),
  onRepository("issues/unlock", { ...writes, person: "write" }, async ({ world, repository, author, params }) => {
    await unlockIssue(world, repository, findIssue(repository, params.issue_number), author());
    return noContent;
  }),
];
