/** What people said about the head in comments. There is no history here: the comments themselves are it. */
import { Sha } from "../../app/domain/ids.ts";
import type { SpokenReview } from "../../app/domain/issue-parts.ts";
import type { Reader } from "../../app/observe/github.ts";
import { approve } from "../../app/slash/approve.ts";
import { parse } from "../../app/slash/parse.ts";
import { reject } from "../../app/slash/reject.ts";

type Comment = Awaited<ReturnType<Reader["octokit"]["rest"]["issues"]["listComments"]>>["data"][number];

/** Approvals and rejections under a pull request, each by a person and never changed since (R2, R12). */
export async function spokenUnder({ octokit, owner, repo }: Reader, issue_number: number, headSha: Sha): Promise<readonly SpokenReview[]> {
  const comments = await octokit.paginate(octokit.rest.issues.listComments, { owner, repo, issue_number, per_page: 100 });
  return comments.flatMap((comment) => spokenIn(comment, headSha) ?? []);
}

export function spokenIn(comment: Comment, headSha: Sha): SpokenReview | undefined {
  const { id, user, body, created_at, updated_at, performed_via_github_app: app } = comment;
  if (user?.type !== "User" || app || created_at !== updated_at) return undefined;
  const spoken = parse(body ?? "");
  const said = { commentId: id, by: user.login, byId: user.id, at: new Date(created_at) };
  if (spoken?.verb === approve.name && approve.takes.test(spoken.args)) {
    const [sha = "", ...gates] = spoken.args.split(/[ \t]+/);
    return { ...said, verdict: "approved", headSha: named(sha.toLowerCase(), headSha), gates, reason: "" };
  }
  // A rejection holds until the same person approves, whatever is pushed meanwhile.
  if (spoken?.verb === reject.name && reject.takes.test(spoken.text))
    return { ...said, verdict: "rejected", headSha, gates: [], reason: spoken.text };
  return undefined;
}

/** The head, where the beginning of its SHA was written; any other beginning is of a commit that is not the head, whatever follows. */
const named = (sha: string, headSha: Sha): Sha => (headSha.startsWith(sha) ? headSha : Sha.parse(sha.padEnd(40, "0")));
