import { blobId, commitOf, differences, forkOf, grafted, patchOf, shaOf, treeId } from "./commits.ts";
import { HttpError, missing } from "./errors.ts";
import { closed } from "./issues.ts";
import { baseOf, callOf, commitsOf } from "./merge-call.ts";
import { land } from "./pushing.ts";
import { type GitHub, headOf, nextNumber, note, type Pull, reviewBot, rigBot, roles, stamp } from "./state.ts";

interface OnPull {
  readonly pull_number: number;
}

export function pullsApi(github: GitHub) {
  const of = (number: number): Pull => github.pulls.get(number) ?? missing(`pull request ${number}`);
  const shown = (pull: Pull) => ({
    number: pull.number,
    title: `For matter ${pull.issue}`,
    labels: pull.labels.map((name) => ({ name })),
    html_url: `https://github.example/${github.place.owner}/${github.place.name}/pull/${pull.number}`,
    state: pull.state,
    merged: pull.mergedAt !== undefined,
    merged_at: pull.mergedAt?.toISOString() ?? null,
    merge_commit_sha: pull.mergeSha ?? null,
    merged_by: pull.mergedAt ? { login: rigBot.login } : null,
    draft: pull.draft,
    head: { sha: headOf(pull), ref: pull.branch, repo: { ...github.place, owner: { login: github.place.owner } } },
    base: {
      ref: pull.base,
      sha: baseOf(github, pull),
      repo: { id: github.place.id, clone_url: "https://github.example/there-is-none.git" },
    },
    user: pull.by,
    body: `It is done.\n\nCloses #${pull.issue}`,
    mergeable: pull.mergeable,
    mergeable_state: pull.mergeable ? "clean" : "dirty",
    changed_files: changesOf(pull).length,
    commits: commitsOf(github, pull).length,
  });
  const changesOf = (pull: Pull) =>
    differences(forkOf(github, baseOf(github, pull), headOf(pull)).tree, commitOf(github, headOf(pull)).tree);
  return {
    get: async ({ pull_number }: OnPull) => ({ data: shown(of(pull_number)) }),
    list: async ({ head, state = "open" }: { readonly head?: string; readonly state?: string }) => ({
      data: [...github.pulls.values()]
        .filter(({ branch }) => head === undefined || head === `${github.place.owner}:${branch}`)
        .filter((pull) => state === "all" || state === pull.state)
        .toReversed()
        .map(shown),
    }),
    create: async ({ head, base }: { readonly head: string; readonly base: string }) => {
      const commits = [commitOf(github, github.branches.get(head)?.sha ?? missing(head))];
      const pull: Pull = {
        ...{ number: nextNumber(github), branch: head, by: rigBot, issue: 0, base, commits, reviews: [], labels: [] },
        ...{ state: "open", draft: false, mergeable: true, refusals: 0 },
      };
      github.pulls.set(pull.number, pull);
      note(github, "openPull", { number: pull.number, branch: head });
      github.tell({ pullRequest: pull.number });
      return { data: shown(pull) };
    },
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
      data: changesOf(of(pull_number)).map((change) => ({
        filename: change.path,
        sha: blobId(change.after ?? change.before ?? ""),
        status: change.before === undefined ? "added" : change.after === undefined ? "removed" : "modified",
        patch: patchOf(change),
      })),
    }),
    listCommits: async ({ pull_number }: OnPull) => ({
      data: commitsOf(github, of(pull_number)).map(({ sha, tree, author, committer }) => ({
        ...{ sha, author, committer },
        commit: { tree: { sha: treeId(tree) } },
      })),
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
      github.merges.push(callOf(github, pull, sha));
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

/** It lands on its base branch, and closes its issue as its text says. */
export function merged(github: GitHub, pull: Pull): void {
  const fork = forkOf(github, baseOf(github, pull), headOf(pull));
  const onto = commitOf(github, baseOf(github, pull)).tree;
  pull.mergeSha = shaOf(`merge of ${headOf(pull)}`);
  pull.mergedAt = stamp(github);
  pull.state = "closed";
  land(github, pull.base, pull.mergeSha, grafted(onto, differences(fork.tree, commitOf(github, headOf(pull)).tree)), rigBot);
  const issue = github.issues.get(pull.issue);
  if (issue?.open && !issue.gone) closed(github, issue, rigBot);
  github.tell({ pullRequest: pull.number });
  github.tell({ everything: true });
}

/** Whether somebody may write, as the API answers now. */
export const mayWrite = ({ permissions }: GitHub, login: string): boolean =>
  roles.indexOf(permissions.get(login) ?? "none") >= roles.indexOf("write");

export { reviewBot };
