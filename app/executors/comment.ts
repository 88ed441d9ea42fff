import { cut } from "../domain/escape.ts";
import { type Executor, repositoryOf } from "./executor.ts";
import { ourComment } from "./show/comment.ts";

/** GitHub refuses more than 65,536 characters. */
const MOST = 60_000;

/** A comment that is written once: its marker names the command, so that it is found where the outcome is unknown (R-Q2). */
export const comment: Executor<"COMMENT"> = async ({ number, body }, hands) => {
  const { octokit, subject, attempt, redact } = hands;
  const marker = `<!-- rig:comment ${attempt.key} -->`;
  const known = attempt.unknown ? await ourComment(number, marker, hands) : undefined;
  if (known) return { response: { commentId: known } };
  const text = `${marker}\n${cut(redact(body), MOST)}`;
  const { data } = await octokit.rest.issues.createComment({ ...repositoryOf(subject), issue_number: number, body: text });
  return { response: { commentId: data.id } };
};
