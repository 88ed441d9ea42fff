import { orNothing, type Reader } from "../github.ts";
import { type Heard, oneLine } from "../one-line.ts";

/** A workflow run that deploys or checks an environment, and whom it waits for. */
export interface SeenWorkflowRun {
  readonly state: "pending" | "waiting" | "success" | "failure" | "cancelled";
  readonly url: string;
  readonly headSha: string;
  readonly createdAt: Date;
  readonly changedAt: Date;
  readonly reviewers?: readonly string[];
  readonly because?: string;
}

const MOST_WORDS = 300;

/** Undefined where GitHub does not know the run any more. */
export async function observeWorkflowRun(reader: Reader, run_id: number, heard: Heard = oneLine): Promise<SeenWorkflowRun | undefined> {
  const { octokit, owner, repo } = reader;
  const answer = await orNothing(octokit.rest.actions.getWorkflowRun({ owner, repo, run_id }));
  if (!answer) return undefined;
  const { status, conclusion, html_url: url, head_sha: headSha, created_at, updated_at } = answer.data;
  const seen = { url, headSha, createdAt: new Date(created_at), changedAt: new Date(updated_at) };
  if (status === "waiting") return { ...seen, state: "waiting", reviewers: await reviewersOf(reader, run_id) };
  if (status !== "completed") return { ...seen, state: "pending" };
  if (conclusion === "cancelled") return { ...seen, state: "cancelled" };
  if (conclusion === "success") return { ...seen, state: "success" };
  return { ...seen, state: "failure", because: (await refusalOf(reader, run_id, heard)) ?? `its workflow run concluded ${conclusion}` };
}

/** Who may let through what GitHub holds. */
async function reviewersOf({ octokit, owner, repo }: Reader, run_id: number): Promise<readonly string[]> {
  const { data } = await octokit.rest.actions.getPendingDeploymentsForRun({ owner, repo, run_id });
  const reviewers = data.flatMap((pending) => pending.reviewers ?? []);
  const names = reviewers.flatMap(({ reviewer }) => {
    if (!reviewer) return [];
    return "slug" in reviewer ? [`${owner}/${reviewer.slug}`] : "login" in reviewer ? [reviewer.login] : [];
  });
  return [...new Set(names)];
}

/** Who said no to it, and in which words. */
async function refusalOf({ octokit, owner, repo }: Reader, run_id: number, heard: Heard): Promise<string | undefined> {
  const answer = await orNothing(octokit.rest.actions.getReviewsForRun({ owner, repo, run_id }));
  const refusal = answer?.data.findLast(({ state }) => state === "rejected");
  if (!refusal) return undefined;
  const words = heard(refusal.comment, MOST_WORDS);
  return `${refusal.user.login} did not let it through${words ? `: ${words}` : ""}`;
}
