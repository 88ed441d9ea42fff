import type { Json } from "../contract/json.ts";
import { branchSha } from "../git/store.ts";
import { nodeId } from "../shapes/node-id.ts";
import { showOrganization, showUser } from "../shapes/people.ts";
import { showRepository } from "../shapes/repository.ts";
import type { App, Author, Installation } from "../state/people.ts";
import type { Repository } from "../state/repository.ts";
import type { World } from "../world.ts";
import { mayHear } from "./needs.ts";

/** Something that GitHub tells Apps and workflows about. */
export interface Happening {
  readonly event: string;
  readonly action?: string;
  readonly by: Author;
  readonly payload: Json;
  /** For workflows; the default branch unless told. */
  readonly ref?: string;
  readonly sha?: string;
  /** Only this App is told: buttons of its own checks. */
  readonly onlyFor?: App;
  /** No workflow may be started by it. */
  readonly startsNothing?: boolean;
}

/** The events a workflow's `on:` can name. */
const forWorkflows = new Set([
  "push",
  "pull_request",
  "pull_request_review",
  "issues",
  "issue_comment",
  "check_run",
  "check_suite",
  "create",
  "delete",
  "deployment",
  "deployment_status",
  "merge_group",
  "milestone",
  "status",
  "workflow_run",
]);

export function sendTo(
  world: World,
  installation: Installation,
  event: string,
  action: string | undefined,
  payload: Json,
  repositoryId: number | null,
): void {
  const { app, id } = installation;
  const told: Json = { ...payload, installation: payload.installation ?? { id, node_id: nodeId("Installation", id) } };
  const errors = world.contract.webhook(event, told);
  if (errors.length) world.violations.push({ side: "webhook", operation: `${event}.${action ?? ""}`, path: "", errors, content: told });
  if (!app.webhookUrl) return;
  world.deliveries.send({
    guid: crypto.randomUUID(),
    appId: app.id,
    url: app.webhookUrl,
    secret: app.webhookSecret,
    event,
    action: action ?? null,
    installationId: id,
    repositoryId,
    payload: told,
    body: JSON.stringify(told),
    redelivery: false,
  });
}

function payloadOf(world: World, repository: Repository, { action, by, ...happening }: Happening): Json {
  return {
    ...(action ? { action } : {}),
    ...happening.payload,
    repository: happening.payload.repository ?? showRepository(world, repository),
    ...(repository.owner.type === "Organization" ? { organization: showOrganization(world, repository.owner) } : {}),
    sender: showUser(world, by.user),
  };
}

const hears = (installation: Installation, event: string) =>
  !installation.suspendedAt && installation.app.events.includes(event) && mayHear(installation.permissions, event);

/** Tells these installations, if they subscribed and their permissions still reach. */
export function announceTo(world: World, repository: Repository, installations: readonly Installation[], happening: Happening): void {
  const payload = payloadOf(world, repository, happening);
  for (const installation of installations)
    if (hears(installation, happening.event)) sendTo(world, installation, happening.event, happening.action, payload, repository.id);
}

/** Tells every App that is installed and subscribed, and the runner. */
export function announce(world: World, repository: Repository, happening: Happening): void {
  const { event, action, by, onlyFor } = happening;
  const payload = payloadOf(world, repository, happening);
  for (const installation of world.installations.values()) {
    if (!installation.repositoryIds.has(repository.id) || !hears(installation, event)) continue;
    if (!onlyFor || onlyFor.id === installation.app.id) sendTo(world, installation, event, action, payload, repository.id);
  }
  // Actions do not run in an archived repository.
  if (by.byJob || happening.startsNothing || repository.archived || repository.deleted || !forWorkflows.has(event)) return;
  const { defaultBranch } = repository;
  world.runner?.happened({
    repositoryId: repository.id,
    name: event,
    ...(action ? { action } : {}),
    ref: happening.ref ?? `refs/heads/${defaultBranch}`,
    sha: happening.sha ?? branchSha(repository.git, defaultBranch) ?? "",
    payload,
    actor: by.user.login,
  });
}
