/** What a reviewer says of its earlier findings, each in the thread it belongs to. */
import { fence } from "../../agents/runtime/fence.ts";
import type { RunOutcome } from "../../agents/runtime/outcome.ts";
import type { GitHub } from "./github.ts";
import { GuardError } from "./guard-error.ts";
import { answerMarker, unmarked } from "./marker.ts";
import { replyOnce, type Thread } from "./replies.ts";

const MOST_WORDS = 2_000;

const become = { resolved: "**Resolved.**", stands: "**It stands.**", withdrawn: "**Withdrawn.**" } as const;

/** The artifact is a stranger's: it speaks of the findings that the run was asked to look at, and of no other. */
export async function replyToEarlier(
  github: GitHub,
  { owner, repo, pull_number, userId }: Thread,
  { runId, revisited }: RunOutcome,
  asked: readonly string[],
): Promise<void> {
  const foreign = revisited.find(({ finding }) => !asked.includes(finding));
  if (foreign)
    throw new GuardError(
      "answers",
      `The review speaks of the finding ${JSON.stringify(foreign.finding.slice(0, 40))}, which it was not asked about.`,
    );
  for (const { finding, now, why } of revisited) {
    const [, commentId] = /^c(\d{1,15})$/.exec(finding) ?? [];
    if (commentId === undefined) continue;
    const text = `${become[now]} In the reviewer's own words:\n\n${fence(unmarked(why.slice(0, MOST_WORDS)))}`;
    // Where the comment is gone, the review's own words say it.
    await replyOnce(github, { owner, repo, pull_number, userId }, Number(commentId), answerMarker(runId, finding), text);
  }
}
