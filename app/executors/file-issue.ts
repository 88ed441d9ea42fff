import { textHash } from "../domain/text.ts";
import { type Executor, type Hands, repositoryOf } from "./executor.ts";

/** Opens an issue once: one of our own that begins with the same marker is it (R21). Answers what its text was then, too (R3). */
export const fileIssue: Executor<"FILE_ISSUE"> = async ({ title, body, labels, marker }, hands) => {
  const { octokit, subject, redact } = hands;
  const written = { title: redact(title), body: redact(`${marker}\n${body}`) };
  const bodyHash = textHash(written.title, written.body);
  const known = hands.attempt.unknown ? await ourIssue(marker, labels, hands) : undefined;
  if (known) return { response: { ...known, bodyHash } };
  const { data } = await octokit.rest.issues.create({ ...repositoryOf(subject), ...written, labels });
  return { response: { number: data.number, url: data.html_url, bodyHash } };
};

/** Looks through our own issues with the first of the labels, newest first, as far back as the command was planned. */
async function ourIssue(marker: string, [label]: readonly string[], { octokit, subject, identities, attempt }: Hands) {
  const since = new Date(Math.floor(attempt.plannedAt.getTime() / 1000) * 1000 - 60_000).toISOString();
  const pages = octokit.paginate.iterator(octokit.rest.issues.listForRepo, {
    ...repositoryOf(subject),
    ...{ state: "all", since, per_page: 100 },
    ...(label ? { labels: label } : {}),
  });
  for await (const { data } of pages) {
    const ours = data.find(({ user, body }) => user?.id === identities.rig && body?.startsWith(marker));
    if (ours) return { number: ours.number, url: ours.html_url };
  }
  return undefined;
}
