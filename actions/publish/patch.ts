/** A change becomes a branch and a pull request, if it keeps the rules. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { git } from "../../agents/runtime/git.ts";
import type { RunOutcome } from "../../agents/runtime/outcome.ts";
import type { PublishGrant } from "../../agents/runtime/task.ts";
import { postAnswers, requireAsked } from "./answers.ts";
import { changesOf } from "./changes.ts";
import { type GitHub, persistently } from "./github.ts";
import { guard } from "./guard.ts";
import { type Remote, receive } from "./incoming.ts";
import { overNetwork } from "./over-network.ts";
import { openPullRequest } from "./pull-request.ts";

export interface Publication {
  readonly grant: PublishGrant;
  readonly outcome: RunOutcome;
  readonly artifact: string;
  readonly remote: Remote;
  readonly github: GitHub;
  readonly runUrl: string;
}

/** Answers the pull request's number. */
export async function publishPatch({ grant, outcome, artifact, remote, github, runUrl }: Publication): Promise<number> {
  requireAsked(outcome, grant);
  const folder = await mkdtemp(path.join(tmpdir(), "rig-publish-"));
  try {
    const incoming = await receive(path.join(folder, "fresh.git"), path.join(artifact, "work.bundle"), remote, grant);
    const { repository, commit, parents, message, pushed } = incoming;
    const changes = await changesOf(commit, parents, repository);
    const tree = (await git(["ls-tree", "-r", "-z", "--name-only", commit], repository)).stdout.split("\0").filter((name) => name !== "");
    guard({ changes, tree, message, limits: grant.limits });
    if (!pushed) await overNetwork(["push", "--quiet", remote.url, `${commit}:refs/heads/${grant.branch}`], repository);
    return await persistently(async () => {
      const number = await openPullRequest(github, grant, outcome, runUrl);
      await postAnswers(github, grant, outcome, number);
      return number;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
