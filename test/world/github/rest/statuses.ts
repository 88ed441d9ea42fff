import { Refusal } from "../http/refusal.ts";
import { tendSoon } from "../pulls/merge-queue.ts";
import { showStatus } from "../shapes/check.ts";
import { showCommitWithFiles } from "../shapes/commit.ts";
import { apiOf, showRepository } from "../shapes/repository.ts";
import type { CommitStatus } from "../state/check.ts";
import type { Repository } from "../state/repository.ts";
import { announce } from "../webhooks/announce.ts";
import { nextId, nowIso } from "../world.ts";
import { created, type Endpoint, ok, onRepository } from "./endpoint.ts";
import { findCommit } from "./find.ts";
import { listed } from "./pages.ts";

const reads = { app: { statuses: "read" }, person: "read" } as const;

function newestPerContext(repository: Repository, sha: string): CommitStatus[] {
  const newest = new Map<string, CommitStatus>();
  for (const status of repository.statuses) if (status.sha === sha) newest.set(status.context, status);
  return [...newest.values()];
}

function combined(statuses: readonly CommitStatus[]): "failure" | "pending" | "success" {
  if (statuses.some(({ state }) => state === "error" || state === "failure")) return "failure";
  return statuses.length && statuses.every(({ state }) => state === "success") ? "success" : "pending";
}

export const statusEndpoints: readonly Endpoint[] = [
  onRepository(
    "repos/create-commit-status",
    { app: { statuses: "write" }, person: "write" },
    async ({ world, repository, author, params, body }) => {
      const sha = await findCommit(repository, params.sha);
      if (sha !== params.sha) throw new Refusal(422, `No commit found for SHA: ${params.sha}`);
      const by = author();
      const status: CommitStatus = {
        id: nextId(world, "status"),
        author: by,
        sha,
        state: body.state,
        context: body.context ?? "default",
        description: body.description ?? null,
        targetUrl: body.target_url ?? null,
        at: nowIso(world),
      };
      repository.statuses.push(status);
      const { url: _, creator: __, ...shown } = showStatus(world, repository, status);
      const commit = await showCommitWithFiles(world, repository, sha);
      announce(world, repository, {
        event: "status",
        by,
        payload: { ...shown, name: `${repository.owner.login}/${repository.name}`, sha, commit, branches: [] },
        sha,
      });
      tendSoon(world, repository);
      return created(showStatus(world, repository, status));
    },
  ),
  onRepository("repos/list-commit-statuses-for-ref", reads, async (call) => {
    const { world, repository } = call;
    const sha = await findCommit(repository, call.params.ref);
    return listed(call, repository.statuses.filter((status) => status.sha === sha).reverse(), (status) =>
      showStatus(world, repository, status),
    );
  }),
  onRepository("repos/get-combined-status-for-ref", reads, async ({ world, repository, params }) => {
    const sha = await findCommit(repository, params.ref);
    const statuses = newestPerContext(repository, sha);
    const commitUrl = `${apiOf(world, repository)}/commits/${sha}`;
    return ok({
      state: combined(statuses),
      statuses: statuses.map((status) => showStatus(world, repository, status)),
      sha,
      total_count: statuses.length,
      repository: showRepository(world, repository),
      commit_url: commitUrl,
      url: `${commitUrl}/status`,
    });
  }),
];
