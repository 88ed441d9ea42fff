/** Who changed an issue's text last. REST does not tell it of the body; GraphQL does. */
import { z } from "zod";
import type { SeenIssue } from "../domain/seen.ts";
import type { Reader } from "./github.ts";

const QUERY = `query edits($owner: String!, $repo: String!, $number: Int!) {
  repository(owner: $owner, name: $repo) { issue(number: $number) { lastEditedAt editor { login } } }
}`;

const Answer = z.object({
  repository: z
    .object({ issue: z.object({ lastEditedAt: z.string().nullable(), editor: z.object({ login: z.string() }).nullable() }).nullable() })
    .nullable(),
});

/** The last change of an issue's text, whatever is known of it so far. */
export async function observeTextChanges(reader: Reader, number: number): Promise<SeenIssue["edited"]> {
  const { octokit, owner, repo } = reader;
  const events = await octokit.paginate(octokit.rest.issues.listEvents, { owner, repo, issue_number: number, per_page: 100 });
  const renamings = events
    .filter(({ event }) => event === "renamed")
    .map(({ actor, created_at }) => ({ by: actor?.login ?? "ghost", at: new Date(created_at) }));
  return observeEdits(reader, number, renamings);
}

/** A change of the title, as the issue's timeline shows it. */
export interface Renaming {
  readonly by: string;
  readonly at: Date;
}

/** The last change of title or body; undefined where there was none. */
export async function observeEdits(
  { octokit, owner, repo }: Reader,
  number: number,
  renamings: readonly Renaming[],
): Promise<SeenIssue["edited"]> {
  const { repository } = Answer.parse(await octokit.graphql(QUERY, { owner, repo, number }));
  const { lastEditedAt, editor } = repository?.issue ?? {};
  const body = lastEditedAt ? [{ by: editor?.login ?? "ghost", at: new Date(lastEditedAt) }] : [];
  return [...renamings, ...body].toSorted((a, b) => a.at.getTime() - b.at.getTime()).at(-1);
}
