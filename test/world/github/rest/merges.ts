import { mayDo, workflowFiles } from "../auth/authorize.ts";
import type { Identity } from "../auth/identity.ts";
import { inTurn } from "../git/store.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import { pullFiles } from "../pulls/content.ts";
import { mergePull, refuseByState } from "../pulls/merge.ts";
import { backgroundMerge, mergeLater, underWay } from "../pulls/merge-async.ts";
import type { PullIssue } from "../shapes/pull.ts";
import type { BackgroundMerge } from "../state/pull.ts";
import type { Repository } from "../state/repository.ts";
import { type Endpoint, ok, onRepository } from "./endpoint.ts";
import { findPull } from "./find.ts";

const writes = { app: { contents: "write" }, person: "write" } as const;
const reads = { app: { contents: "read" }, person: "read" } as const;

async function refuseWorkflowFiles(identity: Identity, repository: Repository, { pull }: PullIssue): Promise<void> {
  if (mayDo(identity, repository, workflowFiles)) return;
  const workflow = (await pullFiles(repository, pull)).find(({ filename }) => filename.startsWith(".github/workflows/"));
  if (!workflow) return;
  const what = `create or update workflow \`${workflow.filename}\` without \`workflows\` permission`;
  throw new Refusal(403, `refusing to allow a GitHub App to ${what}`);
}

const pending = (message: string, { uuid, method, action, expectedHeadSha }: BackgroundMerge) => ({
  status: "pending",
  details: { message, uuid, merge_method: method, merge_action: action, expected_head_sha: expectedHeadSha },
});

const failed = (message: string) => ({ status: 400, body: { status: "failed", details: { message } } });

/** What GitHub says about a pull request that it does not even try to merge. */
function notReady(issue: PullIssue, sha: string | undefined): string | undefined {
  try {
    refuseByState(issue, sha ? { sha } : {});
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return issue.state === "closed" ? "Pull request is closed." : error.message;
  }
  return undefined;
}

export const mergeEndpoints: readonly Endpoint[] = [
  onRepository("pulls/merge", writes, async ({ world, repository, identity, author, params, body }) => {
    const issue = findPull(repository, params.pull_number);
    await refuseWorkflowFiles(identity, repository, issue);
    const wish = {
      method: body?.merge_method ?? "merge",
      ...(body?.sha ? { sha: body.sha } : {}),
      ...(body?.commit_title ? { title: body.commit_title } : {}),
      ...(body?.commit_message === undefined ? {} : { message: body.commit_message }),
    } as const;
    const sha = await inTurn(repository.git, () => mergePull(world, repository, issue, author(), wish));
    return ok({ sha, merged: true, message: "Pull Request successfully merged" });
  }),
  onRepository("pulls/merge-async", writes, async ({ world, repository, identity, author, params, body }) => {
    const issue = findPull(repository, params.pull_number);
    const { pull } = issue;
    await refuseWorkflowFiles(identity, repository, issue);
    if (pull.mergedAt) return ok({ status: "merged", details: { message: "Pull request is already merged.", sha: pull.mergeSha } });
    if (pull.queued) return ok({ status: "enqueued", details: { message: "Pull request is already in the merge queue." } });
    const before = underWay(pull);
    if (before) return { status: 409, body: pending("A merge request already exists for this pull request.", before) };
    const message = notReady(issue, body?.sha);
    if (message) return failed(message);
    const asked = mergeLater(world, repository, issue, {
      by: author(),
      method: body?.merge_method ?? "default",
      action: body?.merge_action ?? "default",
      expectedHeadSha: body?.sha ?? pull.headSha,
      ...(body?.commit_title ? { title: body.commit_title } : {}),
      ...(body?.commit_message === undefined ? {} : { message: body.commit_message }),
    });
    return { status: 202, body: pending("Merge request enqueued.", asked) };
  }),
  onRepository("pulls/get-merge-async-result", reads, ({ world, repository, params }) => {
    const asked = backgroundMerge(world, findPull(repository, params.pull_number).pull, params.uuid);
    if (!asked) throw notFound();
    if (!asked.result) return ok(pending("Merge request is in progress.", asked));
    const { status, message, sha } = asked.result;
    return ok({ status, details: { message, ...(sha ? { sha } : {}) } });
  }),
];
