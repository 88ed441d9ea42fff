import type { SpokenReview } from "../domain/issue-parts.ts";
import type { SeenReview } from "../domain/seen.ts";
import type { Reader } from "./github.ts";
import { mayAct } from "./permission.ts";
import { machineNote, wordsOf } from "./review-note.ts";

const states = ["APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED", "PENDING"] as const;

/** Every review of the pull request, each person's permission asked now, and the findings of those that want changes. */
export async function observeReviews(reader: Reader, pull_number: number): Promise<readonly SeenReview[]> {
  const { octokit, owner, repo } = reader;
  const reviews = await octokit.paginate(octokit.rest.pulls.listReviews, { owner, repo, pull_number, per_page: 100 });
  const people = [...new Set(reviews.filter(({ user }) => user?.type === "User").map(({ user }) => user?.login ?? ""))];
  const writers = new Set(
    (await Promise.all(people.map(async (login) => ((await mayAct(reader, login, "write")) === "admitted" ? [login] : [])))).flat(),
  );
  const byMachine = reviews.some(({ state }) => state === "DISMISSED") ? await dismissedByMachines(reader, pull_number) : new Set<number>();
  return Promise.all(
    reviews.map(async (review) => {
      const state = states.find((name) => name === review.state) ?? "COMMENTED";
      const by = review.user?.login ?? "ghost";
      const asks = state === "CHANGES_REQUESTED" || (state === "COMMENTED" && writers.has(by));
      const note = machineNote(review.body);
      const inline = asks ? await remarksOf(reader, pull_number, review.id, by) : [];
      return {
        id: review.id,
        by,
        byId: review.user?.id ?? 0,
        byType: review.user?.type ?? "User",
        state,
        commitId: review.commit_id ?? "",
        submittedAt: new Date(review.submitted_at ?? 0),
        body: review.body,
        // Words of a person's comment alone ask for nothing; `/rig change` does.
        findings: [
          ...(state === "CHANGES_REQUESTED" || note.machine?.abstains ? wordsOf(`r${review.id}`, by, review.body) : []),
          ...inline,
        ],
        ...note,
        canWrite: writers.has(by),
        ...(byMachine.has(review.id) ? { dismissedByMachine: true as const } : {}),
      };
    }),
  );
}

/** R12: requests for changes that no person dismissed. A review itself does not tell what it was before, nor by whom. */
async function dismissedByMachines({ octokit, owner, repo }: Reader, issue_number: number): Promise<ReadonlySet<number>> {
  const events = await octokit.paginate(octokit.rest.issues.listEventsForTimeline, { owner, repo, issue_number, per_page: 100 });
  const machines = events.flatMap((event) => {
    if (event.event !== "review_dismissed" || !("dismissed_review" in event) || !("actor" in event)) return [];
    const { state, review_id } = event.dismissed_review;
    return state === "changes_requested" && event.actor?.type !== "User" ? [review_id] : [];
  });
  return new Set(machines);
}

/** The remarks that a review begins on lines; what is said in answer to one belongs to the one it answers. */
async function remarksOf(
  { octokit, owner, repo }: Reader,
  pull_number: number,
  review_id: number,
  by: string,
): Promise<SeenReview["findings"]> {
  const comments = await octokit.paginate(octokit.rest.pulls.listCommentsForReview, { owner, repo, pull_number, review_id, per_page: 100 });
  return comments
    .filter(({ in_reply_to_id }) => in_reply_to_id === undefined)
    .map((comment) => {
      const line = comment.line ?? comment.original_line;
      return { id: `c${comment.id}`, by, path: comment.path, ...(line ? { line } : {}), text: comment.body };
    });
}

const spokenStates = { approved: "APPROVED", rejected: "CHANGES_REQUESTED", changes: "COMMENTED" } as const;

/** What people said about a head as a command counts as their review of it, by what they may do now. */
export const observeSpoken = (reader: Reader, spoken: readonly SpokenReview[]): Promise<readonly SeenReview[]> =>
  Promise.all(
    spoken.map(async ({ commentId, headSha, verdict, by, byId, gates, reason, at }) => ({
      id: commentId,
      by,
      byId,
      byType: "User",
      state: spokenStates[verdict],
      commitId: headSha,
      submittedAt: at,
      body: reason,
      findings: verdict === "approved" ? [] : [{ id: `i${commentId}`, by, text: reason }],
      canWrite: (await mayAct(reader, by, "write")) === "admitted",
      ...(gates.length > 0 ? { gates } : {}),
    })),
  );
