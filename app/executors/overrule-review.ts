import type { CommandData } from "../domain/commands.ts";
import { OVERRULED } from "../domain/review-check.ts";
import type { Octokit } from "../observe/github.ts";
import { type Executor, type Hands, repositoryOf } from "./executor.ts";

const CHECK = "rig/review";

/** Both can be repeated: what is dismissed is not dismissed again, and the check is found by the command's key (R-Q2). */
export const overruleReview: Executor<"OVERRULE_REVIEW"> = async ({ prNumber, headSha, by }, hands) => {
  const { subject, identities, attempt } = hands;
  const octokit = (await hands.reviewer?.()) ?? hands.octokit;
  const who = { userId: identities.review ?? identities.rig, appId: identities.reviewAppId ?? identities.rigAppId };
  const dismissed = await dismiss(octokit, hands, { prNumber, headSha, by }, who.userId);
  const external_id = `${OVERRULED}${attempt.key}`;
  const onHead = { ...repositoryOf(subject), ref: headSha, check_name: CHECK, app_id: who.appId, filter: "all" as const };
  const { data: known } = await octokit.rest.checks.listForRef({ ...onHead, per_page: 100 });
  if (!known.check_runs.some((one) => one.external_id === external_id && one.app?.id === who.appId))
    await octokit.rest.checks.create({
      ...{ ...repositoryOf(subject), name: CHECK, head_sha: headSha, external_id },
      ...{ status: "completed", conclusion: "success" },
      output: {
        title: `Overruled by ${by}`,
        summary: `Review-E asked for changes, and ${by} decided that this head goes on without them.`,
      },
    });
  return { response: { dismissed } };
};

/** Every request for changes up to the last one of that head: GitHub counts the newest that is not dismissed. What came after it stands. */
async function dismiss(
  octokit: Octokit,
  { subject }: Hands,
  { prNumber, headSha, by }: CommandData<"OVERRULE_REVIEW">,
  userId: number,
): Promise<readonly number[]> {
  const pull = { ...repositoryOf(subject), pull_number: prNumber };
  const reviews = await octokit.paginate(octokit.rest.pulls.listReviews, { ...pull, per_page: 100 });
  const last = reviews.findLastIndex(({ user, commit_id }) => user?.id === userId && commit_id === headSha);
  const standing = reviews.slice(0, last + 1).filter(({ user, state }) => user?.id === userId && state === "CHANGES_REQUESTED");
  for (const { id } of standing) await octokit.rest.pulls.dismissReview({ ...pull, review_id: id, message: `Overruled by ${by}.` });
  return standing.map(({ id }) => id);
}
