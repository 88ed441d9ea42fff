import { z } from "zod";
import { Sha } from "../ids.ts";
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
  SMOKE_PASSED: z.object({ ...live, checks: z.array(Probe) }).describe("Every smoke check of the environment holds for the merge."),
  SMOKE_FAILED: z
    .object({ ...live, failed: z.array(Probe), retry: Count, maxRetries: Count, cause: z.enum(["code", "external_dependency"]) })
    .describe("A smoke check still fails at its deadline."),
  VERIFIED: z.object({ ...live, probes: z.array(Probe) }).describe("The merge commit was seen live and healthy."),
  ROLLBACK_REQUESTED: z.object({ by: Login, fromSha: Sha, toSha: Sha }).describe("A person of `RIG_CTO` asked for the way back."),
  ROLLED_BACK: z.object({ by: Login, fromSha: Sha, toSha: Sha }).describe("The way back was taken."),
} as const;
