import { HttpError, missing } from "./errors.ts";
import { closed } from "./issues.ts";
import { type GitHub, headOf, note, type Pull, reviewBot, rigBot, roles, shaOf, stamp } from "./state.ts";

interface OnPull {
  readonly pull_number: number;
}

export function pullsApi(github: GitHub) {
  const of = (number: number): Pull => github.pulls.get(number) ?? missing(`pull request ${number}`);
  const shown = (pull: Pull) => ({
    number: pull.number,
    html_url: `https://github.example/${github.place.owner}/${github.place.name}/pull/${pull.number}`,
    state: pull.state,
    merged: pull.mergedAt !== undefined,
    merged_at: pull.mergedAt?.toISOString() ?? null,
    merge_commit_sha: pull.mergeSha ?? null,
    merged_by: pull.mergedAt ? { login: rigBot.login } : null,
    draft: pull.draft,
    head: { sha: headOf(pull), ref: pull.branch, repo: { id: github.place.id } },
    base: { ref: "main", sha: github.main.at(-1) },
    user: rigBot,
    body: `It is done.\n\nCloses #${pull.issue}`,
    mergeable: pull.mergeable,
    mergeable_state: pull.mergeable ? "clean" : "dirty",
    changed_files: pull.files.length,
  });
  return {
    get: async ({ pull_number }: OnPull) => ({ data: shown(of(pull_number)) }),
    list: async ({ head }: { readonly head: string }) => ({
      data: [...github.pulls.values()]
        .filter(({ branch }) => head === `${github.place.owner}:${branch}`)
        .toReversed()
        .map(shown),
    }),
    listReviews: async ({ pull_number }: OnPull) => ({
      data: of(pull_number).reviews.map(({ id, by, state, head, at, body }) => ({
        id,
        user: by,
        state,
        commit_id: head,
        submitted_at: at.toISOString(),
        body,
      })),
    }),
    listCommentsForReview: async (_: OnPull) => ({ data: [] }),
    listFiles: async ({ pull_number }: OnPull) => ({
      data: of(pull_number).files.map((filename) => ({ filename, patch: "@@ -1 +1 @@\n+a", changes: 1, status: "modified" })),
    }),
    listCommits: async ({ pull_number }: OnPull) => ({
      data: of(pull_number).commits.map(({ sha, tree, by }) => ({ sha, author: by, committer: by, commit: { tree: { sha: tree } } })),
    }),
    update: async ({ pull_number, state }: OnPull & { readonly state: "closed" }) => {
      const pull = of(pull_number);
      note(github, "closePull", { number: pull_number, head: headOf(pull) });
      pull.state = state;
      pull.closedBy = rigBot.login;
      github.tell({ pullRequest: pull_number });
      return { data: shown(pull) };
    },
    merge: async ({ pull_number, sha }: OnPull & { readonly sha: string }) => {
      const pull = of(pull_number);
      note(github, "merge", { number: pull_number, sha, head: headOf(pull), open: pull.state === "open" });
      if (pull.refusals > 0) {
        pull.refusals -= 1;
        throw new HttpError(405, "The rules of the branch do not allow it");
      }
      if (pull.state !== "open" || pull.draft || !pull.mergeable) throw new HttpError(405, "Pull Request is not mergeable");
      if (sha !== headOf(pull)) throw new HttpError(409, "Head branch was modified");
      merged(github, pull);
      return { data: { sha: pull.mergeSha, merged: true } };
    },
  };
}

/** It lands on the default branch, and closes its issue as its text says. */
export function merged(github: GitHub, pull: Pull): void {
  pull.mergeSha = shaOf(`merge of ${headOf(pull)}`);
  pull.mergedAt = stamp(github);
  pull.state = "closed";
  github.main.push(pull.mergeSha);
  const issue = github.issues.get(pull.issue);
  if (issue?.open && !issue.gone) closed(github, issue, rigBot);
  github.tell({ pullRequest: pull.number });
  github.tell({ everything: true });
}

export const gitApi = (github: GitHub) => ({
  deleteRef: async ({ ref }: { readonly ref: string }) => {
    note(github, "deleteBranch", { branch: ref });
    return { data: {} };
  },
});

/** Whether somebody may write, as the API answers now. */
export const mayWrite = ({ permissions }: GitHub, login: string): boolean =>
  roles.indexOf(permissions.get(login) ?? "none") >= roles.indexOf("write");

/** The branch of a run gets another commit, and its pull request is opened where there is none. */
export function published(github: GitHub, number: number, issue: number, branch: string, tree: string, files: readonly string[]): Pull {
  const open = [...github.pulls.values()].find((pull) => pull.branch === branch && pull.state === "open");
  const commit = { sha: shaOf(`${branch}@${open?.commits.length ?? 0}@${number}@${tree}`), tree: shaOf(`tree ${tree}`), by: rigBot };
  const pull: Pull = open ?? {
    number,
    branch,
    issue,
    commits: [],
    reviews: [],
    files,
    state: "open",
    draft: false,
    mergeable: true,
    refusals: 0,
  };
  pull.commits.push(commit);
  pull.mergeable = true;
  github.pulls.set(pull.number, pull);
  github.tell({ branch });
  github.tell({ pullRequest: pull.number });
  return pull;
}

export { reviewBot };
