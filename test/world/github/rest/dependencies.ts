import { mayDo } from "../auth/authorize.ts";
import type { Identity } from "../auth/identity.ts";
import { invalid, notFound, Refusal } from "../http/refusal.ts";
import { blockedByThis } from "../issues/blocking.ts";
import { block, unblock } from "../issues/dependencies.ts";
import { showIssue } from "../shapes/issue.ts";
import type { Issue } from "../state/issue.ts";
import { repositoryById, type World } from "../world.ts";
import { type AnyCall, created, type Endpoint, ok, onRepository } from "./endpoint.ts";
import { findIssue } from "./find.ts";
import { listed } from "./pages.ts";

const reads = { app: { issues: "read" }, person: "read" } as const;
const writes = { app: { issues: "write" }, person: "triage" } as const;

const mayRead = (world: World, identity: Identity, { repositoryId }: Issue) => mayDo(identity, repositoryById(world, repositoryId), reads);
const show = (world: World, issue: Issue) => showIssue(world, repositoryById(world, issue.repositoryId), issue);

/** What lies in repositories that the caller cannot read is left out. */
const listIssues = (call: AnyCall, issues: readonly Issue[]) =>
  listed(
    call,
    issues.filter((issue) => mayRead(call.world, call.identity, issue)),
    (issue) => show(call.world, issue),
  );

/** By the id that is the same in all of GitHub; `undefined` also where the caller may not look. */
function findById(world: World, identity: Identity, id: number): Issue | undefined {
  for (const { deleted, issues } of world.repositories.values()) {
    const found = deleted ? undefined : [...issues.values()].find((issue) => issue.id === id && !issue.pull);
    if (found) return mayRead(world, identity, found) ? found : undefined;
  }
  return undefined;
}

export const dependencyEndpoints: readonly Endpoint[] = [
  onRepository("issues/list-dependencies-blocked-by", reads, (call) =>
    listIssues(call, findIssue(call.repository, call.params.issue_number).blockedBy),
  ),
  onRepository("issues/list-dependencies-blocking", reads, (call) =>
    listIssues(call, blockedByThis(call.world, findIssue(call.repository, call.params.issue_number))),
  ),
  onRepository("issues/add-blocked-by-dependency", writes, ({ world, repository, identity, author, params, body }) => {
    const issue = findIssue(repository, params.issue_number);
    const blocking = findById(world, identity, body.issue_id);
    if (!blocking) throw notFound();
    if (blocking === issue) throw new Refusal(422, "Validation Failed", ["An issue cannot be blocked by itself."]);
    if (!block(world, issue, blocking, author())) throw invalid("The dependency exists already.");
    return created(show(world, issue));
  }),
  onRepository("issues/remove-dependency-blocked-by", writes, ({ world, repository, identity, author, params }) => {
    const issue = findIssue(repository, params.issue_number);
    const blocking = findById(world, identity, params.issue_id);
    if (!blocking || !unblock(world, issue, blocking, author())) throw notFound();
    return ok(show(world, issue));
  }),
];
