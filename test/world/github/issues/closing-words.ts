import type { Author } from "../state/people.ts";
import type { Repository } from "../state/repository.ts";
import { fullName, type World } from "../world.ts";
import { closeIssue } from "./issue.ts";

const CLOSES = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:([\w.-]+\/[\w.-]+))?#(\d+)\b/gi;

/** Closes the issues of this repository that a merged text promises to close. */
export async function closePromised(world: World, repository: Repository, by: Author, text: string, commitSha?: string): Promise<void> {
  for (const [, name, number] of text.matchAll(CLOSES)) {
    if (name && name.toLowerCase() !== fullName(repository).toLowerCase()) continue;
    const issue = repository.issues.get(Number(number));
    if (issue && !issue.pull) await closeIssue(world, repository, issue, by, "completed", commitSha);
  }
}
