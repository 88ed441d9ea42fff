import { showLabel } from "../shapes/issue.ts";
import type { Issue, Label } from "../state/issue.ts";
import type { Author } from "../state/people.ts";
import type { Repository } from "../state/repository.ts";
import { nextId, type World } from "../world.ts";
import { record } from "./acts.ts";
import { announceIssue } from "./issue.ts";

const key = (name: string) => name.toLowerCase();
const GREY = "ededed";

export const findLabel = (repository: Repository, name: string) => repository.labels.get(key(name));

export function defineLabel(world: World, repository: Repository, name: string, color = GREY, description: string | null = null): Label {
  const label: Label = { id: nextId(world, "label"), name, color, description };
  repository.labels.set(key(name), label);
  return label;
}

/** Labels that the repository does not have yet come into being. */
export async function addLabels(world: World, repository: Repository, issue: Issue, by: Author, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const label = findLabel(repository, name) ?? defineLabel(world, repository, name);
    if (issue.labels.includes(label)) continue;
    issue.labels.push(label);
    record(world, issue, "labeled", by, { label: { name: label.name, color: label.color } });
    await announceIssue(world, repository, issue, "labeled", by, { label: showLabel(world, repository, label) });
  }
}

/** False: the issue did not have it. */
export async function removeLabel(world: World, repository: Repository, issue: Issue, by: Author, name: string): Promise<boolean> {
  const at = issue.labels.findIndex((label) => key(label.name) === key(name));
  const [label] = at < 0 ? [] : issue.labels.splice(at, 1);
  if (!label) return false;
  record(world, issue, "unlabeled", by, { label: { name: label.name, color: label.color } });
  await announceIssue(world, repository, issue, "unlabeled", by, { label: showLabel(world, repository, label) });
  return true;
}

export async function setLabels(world: World, repository: Repository, issue: Issue, by: Author, names: readonly string[]): Promise<void> {
  const wanted = new Set(names.map(key));
  for (const { name } of [...issue.labels]) if (!wanted.has(key(name))) await removeLabel(world, repository, issue, by, name);
  await addLabels(world, repository, issue, by, names);
}

export async function forgetLabel(world: World, repository: Repository, by: Author, label: Label): Promise<void> {
  for (const issue of repository.issues.values()) await removeLabel(world, repository, issue, by, label.name);
  repository.labels.delete(key(label.name));
}

export function changeLabel(
  repository: Repository,
  label: Label,
  change: { readonly name?: string; readonly color?: string; readonly description?: string | null },
): void {
  repository.labels.delete(key(label.name));
  Object.assign(label, change);
  repository.labels.set(key(label.name), label);
}
