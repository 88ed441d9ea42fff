import { z } from "zod";
import { PrNumber, Sha } from "../ids.ts";
import { Count, Login, live, Probe, Text } from "./words.ts";

/** GitHub's; absent where Flux deployed, or nothing came of it. */
const deploymentId = z.number().int().optional();
/** How long the reviewers of its environment let it wait. */
const waitedMinutes = z.number().nonnegative().optional();

/** From the merge to production. */
export const releaseEvents = {
  DEPLOY_REQUESTED: z.object({ ...live, attempt: z.number().int().positive() }).describe("The Conductor starts a deployment."),
  DEPLOYED_STAGING: z
    .object({ environment: z.literal("staging"), sha: Sha, deploymentId, url: z.string(), waitedMinutes })
    .describe("GitHub or Flux shows a successful staging deployment that contains the merge."),
  DEPLOYED_PRODUCTION: z
    .object({
      ...{ environment: z.literal("production"), sha: Sha, deploymentId, url: z.string(), waitedMinutes },
      /** The commit that Flux applied, where it deployed: several merges may have come with it. */
      appliedSha: Sha.optional(),
    })
    .describe("GitHub or Flux shows a successful production deployment that contains the merge."),
  DEPLOY_FAILED: z
    .object({ ...live, deploymentId, reason: Text, waitedMinutes })
    .describe("A deployment of the merge ended badly or did not come in time."),
  DEPLOY_WAITING: z
    .object({ ...live, reviewers: z.array(z.string()), url: z.string() })
    .describe("GitHub holds the deployment until the reviewers of its environment let it through; said once a deployment."),
  DEPLOY_CANCELLED: z
    .object({ ...live, deploymentId, by: Login.optional(), waitedMinutes })
    .describe("The deployment was cancelled, which is no failure: another one is waited for until the deadline."),
  DEPLOY_BLOCKED: z
    .object({ ...live, by: z.string(), failingSha: Sha, takenBackBy: Login.optional() })
    .describe(
      "An earlier merge, of the issue `by`, is the first that fails there: this one waits for its fix and is not blamed. With `takenBackBy`, that person took production back from it: nothing that contains it is released until a person lets it go on.",
    ),
  DEPLOY_UNBLOCKED: z
    .object(live)
    .describe("The merge that this one waited for is mended there, or taken back: its own checks decide again, with their time from now."),
  SMOKE_REQUESTED: z
    .object({ ...live, workflow: z.string(), attempt: z.number().int().positive() })
    .describe("The Conductor starts the workflow that checks the environment."),
  SEEN_LIVE: z
    .object({ ...live, checks: z.array(Probe) })
    .describe("Every check holds for the merge: it is watched for as long as the repository wants it healthy."),
  HEALTH_LOST: z
    .object({ ...live, failed: z.array(Probe) })
    .describe("A check stopped holding while the merge was watched: the time begins anew."),
  SMOKE_PASSED: z.object({ ...live, checks: z.array(Probe) }).describe("Every smoke check of the environment holds for the merge."),
  SMOKE_FAILED: z
    .object({
      ...live,
      failed: z.array(Probe),
      retry: Count,
      maxRetries: Count,
      cause: z.enum(["code", "external_dependency"]),
      because: Text.optional(),
    })
    .describe(
      "A smoke check still fails at its deadline. `because` says how the cause was told. Where the code is the cause, the issue goes back to work, `maxRetries` times.",
    ),
  VERIFIED: z.object({ ...live, probes: z.array(Probe) }).describe("The merge commit was seen live and healthy."),
  ROLLBACK_REQUESTED: z
    .object({
      ...{ by: Login, fromSha: Sha, toSha: Sha },
      /** The newest of what is taken back, by the first line of each commit. */
      takesBack: z
        .array(z.object({ sha: Sha, title: z.string().max(200) }))
        .max(50)
        .optional(),
      /** How many commits that are in all. */
      commits: Count.optional(),
    })
    .describe("A person of `RIG_CTO` asked for the way back."),
  ROLLBACK_PROPOSED: z
    .object({ by: Login, toSha: Sha, prNumber: PrNumber, url: z.string() })
    .describe("The pull request that takes the default branch back to what a person asked for is open; people merge it."),
  ROLLBACK_MERGED: z
    .object({ by: Login, toSha: Sha, prNumber: PrNumber, mergeSha: Sha })
    .describe("A person merged the pull request of the way back that `by` asked for: it goes to production now."),
  ROLLED_BACK: z.object({ by: Login, fromSha: Sha, toSha: Sha }).describe("The way back was taken."),
} as const;
