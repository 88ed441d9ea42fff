/** What people do on GitHub's pages and no REST endpoint offers. */
import { tellCheck } from "./checks/runs.ts";
import { record } from "./issues/acts.ts";
import { announceIssue } from "./issues/issue.ts";
import { findUser } from "./people.ts";
import { isPull } from "./shapes/pull.ts";
import type { Repository } from "./state/repository.ts";
import { fullName, type World } from "./world.ts";

export async function readyForReview(world: World, repository: Repository, number: number, by: string): Promise<void> {
  const issue = repository.issues.get(number);
  if (!isPull(issue)) throw new Error(`${fullName(repository)} has no pull request ${number}.`);
  const author = { user: findUser(world, by) };
  issue.pull.draft = false;
  record(world, issue, "ready_for_review", author);
  await announceIssue(world, repository, issue, "ready_for_review", author);
}

/** A pull request that was opened from a fork: its head is shown there. */
export function comesFrom(repository: Repository, number: number, fork: Repository): void {
  const issue = repository.issues.get(number);
  if (!isPull(issue)) throw new Error(`${fullName(repository)} has no pull request ${number}.`);
  issue.pull.fork = fork;
}

export function pressCheckButton(world: World, repository: Repository, checkRunId: number, identifier: string, by: string): void {
  const run = repository.checkRuns.get(checkRunId);
  if (!run) throw new Error(`${fullName(repository)} has no check run ${checkRunId}.`);
  if (!run.buttons.includes(identifier)) throw new Error(`Check run ${checkRunId} has no button ${identifier}.`);
  tellCheck(world, repository, run, "requested_action", { user: findUser(world, by) }, { requested_action: { identifier } }, run.app);
}
