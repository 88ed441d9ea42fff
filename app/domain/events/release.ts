import { z } from "zod";
import { PrNumber, Sha } from "../ids.ts";
import { Count, Login, live, Probe, Text } from "./words.ts";

/** From the merge to production. */
export const releaseEvents = {
  DEPLOY_REQUESTED: z.object({ ...live, attempt: z.number().int().positive() }).describe("The Conductor starts a deployment."),
  DEPLOYED_STAGING: z
    .object({ environment: z.literal("staging"), sha: Sha, deploymentId: z.number().int(), url: z.string() })
    .describe("GitHub shows a successful staging deployment that contains the merge."),
  DEPLOYED_PRODUCTION: z
    .object({ environment: z.literal("production"), sha: Sha, deploymentId: z.number().int(), url: z.string() })
    .describe("GitHub shows a successful production deployment that contains the merge."),
  DEPLOY_FAILED: z
    .object({ ...live, deploymentId: z.number().int().optional(), reason: Text })
    .describe("A deployment of the merge ended badly or did not come in time."),
  DEPLOY_WAITING: z
    .object({ ...live, reviewers: z.array(z.string()), url: z.string() })
    .describe("GitHub holds the deployment until the reviewers of its environment let it through; said once a deployment."),
  DEPLOY_CANCELLED: z
    .object({ ...live, deploymentId: z.number().int().optional(), by: Login.optional() })
    .describe("The deployment was cancelled, which is no failure: another one is waited for until the deadline."),
  DEPLOY_BLOCKED: z
    .object({ ...live, by: z.string(), failingSha: Sha })
    .describe("An earlier merge, of the issue `by`, is the first that fails there: this one waits for its fix and is not blamed."),
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
    .describe("A smoke check still fails at its deadline. `because` says how the cause was told."),
  VERIFIED: z.object({ ...live, probes: z.array(Probe) }).describe("The merge commit was seen live and healthy."),
  ROLLBACK_REQUESTED: z.object({ by: Login, fromSha: Sha, toSha: Sha }).describe("A person of `RIG_CTO` asked for the way back."),
  ROLLBACK_PROPOSED: z
    .object({ by: Login, toSha: Sha, prNumber: PrNumber, url: z.string() })
    .describe("The pull request that takes the default branch back to what a person asked for is open; people merge it."),
  ROLLED_BACK: z.object({ by: Login, fromSha: Sha, toSha: Sha }).describe("The way back was taken."),
} as const;
