import { readCommit } from "../git/commit.ts";
import { aheadBehind, commitsSince, mergeBase } from "../git/compare.ts";
import { changedFiles, diffText } from "../git/diff.ts";
import { gitText } from "../git/run.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import { pullCommits } from "../pulls/content.ts";
import { showCommit, showCommitWithFiles, showFile } from "../shapes/commit.ts";
import { isPull, showPull } from "../shapes/pull.ts";
import { apiOf, htmlOf } from "../shapes/repository.ts";
import { type Endpoint, ok, onRepository } from "./endpoint.ts";
import { findCommit } from "./find.ts";
import { listed } from "./pages.ts";

const reads = { app: { contents: "read" }, person: "read" } as const;
const MOST_FILES = 300;
const MOST_COMMITS = 250;

export const commitEndpoints: readonly Endpoint[] = [
  onRepository("repos/list-commits", reads, async (call) => {
    const { world, repository, query } = call;
    const start = await findCommit(repository, query.sha ?? repository.defaultBranch);
    const args = [
      "rev-list",
      "--max-count=1000",
      ...(query.since ? [`--since=${query.since}`] : []),
      ...(query.until ? [`--until=${query.until}`] : []),
    ];
    const shas = (await gitText(repository.git.dir, [...args, start, "--", ...(query.path ? [query.path] : [])]))
      .split("\n")
      .filter(Boolean);
    return listed(call, shas, async (sha) => showCommit(world, repository, await readCommit(repository.git, sha)));
  }),
  onRepository("repos/get-commit", reads, async ({ world, repository, params, accept }) => {
    const sha = await findCommit(repository, params.ref);
    if (/vnd\.github(\.v3)?\.sha/.test(accept))
      return { status: 200, raw: { type: "application/vnd.github.sha; charset=utf-8", content: sha } };
    return ok(await showCommitWithFiles(world, repository, sha));
  }),
  onRepository("repos/compare-commits-with-basehead", reads, async ({ world, repository, params, accept, query }) => {
    const { git } = repository;
    const [from, to] = params.basehead.split("...");
    if (!from || !to) throw notFound();
    const strip = (name: string) => name.replace(new RegExp(`^${repository.owner.login}:`, "i"), "");
    const [base, head] = await Promise.all([from, to].map((name) => findCommit(repository, strip(name)).catch(() => undefined)));
    if (!base || !head) throw notFound();
    const fork = await mergeBase(git, base, head);
    if (!fork) throw new Refusal(404, `No common ancestor between ${from} and ${to}.`);
    if (/vnd\.github(\.v3)?\.diff/.test(accept))
      return { status: 200, raw: { type: "application/vnd.github.diff; charset=utf-8", content: await diffText(git, fork, head) } };
    const [{ ahead, behind }, shas, files] = await Promise.all([
      aheadBehind(git, base, head),
      commitsSince(git, base, head),
      changedFiles(git, fork, head),
    ]);
    const show = async (sha: string) => showCommit(world, repository, await readCommit(git, sha));
    const url = `${apiOf(world, repository)}/compare/${params.basehead}`;
    const html = `${htmlOf(world, repository)}/compare/${params.basehead}`;
    const [size, page] = [Math.min(query.per_page ?? MOST_COMMITS, MOST_COMMITS), query.page ?? 1];
    return ok({
      url,
      html_url: html,
      permalink_url: `${htmlOf(world, repository)}/compare/${base}...${head}`,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      base_commit: await show(base),
      merge_base_commit: await show(fork),
      status: ahead && behind ? "diverged" : ahead ? "ahead" : behind ? "behind" : "identical",
      ahead_by: ahead,
      behind_by: behind,
      total_commits: shas.length,
      commits: await Promise.all(shas.slice((page - 1) * size, page * size).map(show)),
      files: page > 1 ? [] : files.slice(0, MOST_FILES).map((file) => showFile(world, repository, head, file)),
    });
  }),
  onRepository("repos/list-pull-requests-associated-with-commit", { app: { pull_requests: "read" }, person: "read" }, async (call) => {
    const { world, repository } = call;
    const sha = await findCommit(repository, call.params.commit_sha);
    const pulls = [...repository.issues.values()].filter(isPull);
    const holding = await Promise.all(
      pulls.map(async (issue) => issue.pull.mergeSha === sha || (await pullCommits(repository, issue.pull)).includes(sha)),
    );
    return listed(
      call,
      pulls.filter((_, index) => holding[index]),
      (issue) => showPull(world, repository, issue),
    );
  }),
];
