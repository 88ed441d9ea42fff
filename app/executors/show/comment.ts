import type { Rendering } from "../../domain/commands.ts";
import { statusOf } from "../../observe/github.ts";
import { type Hands, repositoryOf } from "../executor.ts";

type Comment = Extract<Rendering, { readonly body: string }>;

/** One comment, edited in place: found by its stored id, else by its marker in a comment that our own bot wrote (R21). */
export async function showComment({ number, body }: Comment, hands: Hands): Promise<string> {
  const text = hands.redact(body);
  const marker = body.slice(0, body.indexOf("-->") + 3);
  const known = storedOn(number, hands.attempt.externalId) ?? (await ourComment(number, marker, hands));
  if (known && (await edit(known, text, hands))) return `${known}@${number}`;
  const { data } = await hands.octokit.rest.issues.createComment({ ...repositoryOf(hands.subject), issue_number: number, body: text });
  return `${data.id}@${number}`;
}

/** The stored comment, if it stands here: an issue may come to have another pull request. */
function storedOn(number: number, externalId = ""): number | undefined {
  const [id, on] = externalId.split("@");
  return id && (on === undefined || Number(on) === number) ? Number(id) : undefined;
}

/** False where the comment is gone: somebody deleted it, so it is written anew. */
async function edit(comment_id: number, body: string, { octokit, subject }: Hands): Promise<boolean> {
  try {
    await octokit.rest.issues.updateComment({ ...repositoryOf(subject), comment_id, body });
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}

/** Our own comment that begins with this marker. */
export async function ourComment(
  issue_number: number,
  marker: string,
  { octokit, subject, identities }: Hands,
): Promise<number | undefined> {
  for await (const { data } of octokit.paginate.iterator(octokit.rest.issues.listComments, {
    ...repositoryOf(subject),
    issue_number,
    per_page: 100,
  })) {
    const ours = data.find((comment) => comment.user?.id === identities.rig && comment.body?.startsWith(marker));
    if (ours) return ours.id;
  }
  return undefined;
}
