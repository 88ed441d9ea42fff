/** Words in the threads of a pull request, each said once however often it is tried: what is there is found by its mark and by whose it is. */
import { type GitHub, statusOf } from "./github.ts";

export interface Thread {
  readonly owner: string;
  readonly repo: string;
  readonly pull_number: number;
  /** GitHub's id of the user that speaks: what others wrote does not count, whatever it says. */
  readonly userId: number;
}

/** Replies under a review comment unless the reply is there; false where the comment is gone. */
export async function replyOnce(github: GitHub, thread: Thread, commentId: number, marker: string, text: string): Promise<boolean> {
  const { userId, ...place } = thread;
  if (await isThere(github, "GET /repos/{owner}/{repo}/pulls/{pull_number}/comments", place, marker, userId)) return true;
  try {
    await github.request("POST /repos/{owner}/{repo}/pulls/{pull_number}/comments/{comment_id}/replies", {
      ...place,
      comment_id: commentId,
      body: `${marker}\n${text}`,
    });
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}

export async function commentOnce(github: GitHub, thread: Thread, marker: string, text: string): Promise<void> {
  const { owner, repo, pull_number: issue_number, userId } = thread;
  const place = { owner, repo, issue_number };
  if (await isThere(github, "GET /repos/{owner}/{repo}/issues/{issue_number}/comments", place, marker, userId)) return;
  await github.request("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", { ...place, body: `${marker}\n${text}` });
}

/** Whether this user has written this mark in a list of GitHub's. */
export async function isThere(github: GitHub, list: string, place: object, marker: string, userId: number): Promise<boolean> {
  for (let page = 1; ; page++) {
    const { data } = (await github.request(list, { ...place, per_page: 100, page })) as { data: readonly Said[] };
    if (data.some(({ user, body }) => user?.id === userId && body?.includes(marker))) return true;
    if (data.length < 100) return false;
  }
}

interface Said {
  readonly user: { readonly id: number } | null;
  readonly body?: string | null;
}
