/** Reading the tokens that GitHub gives its workflow runs. */
import { createRemoteJWKSet, errors, jwtVerify } from "jose";
import { z } from "zod";
import { Problem } from "./problem.ts";

export const AUDIENCE = "engineering-rig";

/** GitHub's clock and ours may differ that much (F22). */
const CLOCK_TOLERANCE = 60;

const Id = z
  .union([z.string().regex(/^\d+$/), z.number()])
  .transform(Number)
  .refine(Number.isSafeInteger);

/** https://docs.github.com/actions/reference/security/oidc: every value is text there. */
const Claims = z.object({
  repository: z.string(),
  repository_id: Id,
  workflow_ref: z.string(),
  run_id: Id,
  run_attempt: Id,
  actor: z.string(),
  actor_id: Id,
  event_name: z.string().optional(),
  /** Of the job; older GitHub Enterprise Servers do not tell it. */
  check_run_id: Id.optional(),
});

/** Who presents the token: a run of a workflow in a repository, and who started it. */
export interface WorkflowIdentity {
  readonly repository: string;
  readonly repositoryId: number;
  /** `owner/repo/.github/workflows/file.yml@refs/heads/main`. */
  readonly workflowRef: string;
  readonly runId: number;
  readonly runAttempt: number;
  /** Which of its jobs, as far as GitHub tells. */
  readonly jobId?: number;
  readonly actor: { readonly login: string; readonly id: number };
  /** What started it: `workflow_dispatch`, `schedule`. */
  readonly event?: string;
}

export type VerifyOidc = (token: string) => Promise<WorkflowIdentity>;

/** The keys are fetched when first needed and cached; a token nobody vouches for is a 401, an issuer out of reach a 503. */
export function oidcVerifier(issuer: string, now: () => Date): VerifyOidc {
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks`), { timeoutDuration: 5_000 });
  return async (token) => {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience: AUDIENCE,
      algorithms: ["RS256"],
      clockTolerance: CLOCK_TOLERANCE,
      currentDate: now(),
      requiredClaims: ["exp", "iat"],
      maxTokenAge: "1h",
    }).catch((error: unknown) => {
      throw error instanceof errors.JOSEError && !isOutOfReach(error)
        ? new Problem(401, `The token is not one of ${issuer} for the audience ${AUDIENCE}: ${error.message}.`)
        : new Problem(503, `The keys of ${issuer} cannot be read now.`, { "retry-after": "5" });
    });
    const claims = Claims.safeParse(payload);
    if (!claims.success)
      throw new Problem(401, `The token lacks ${claims.error.issues[0]?.path.join(".")}: it is not one of a workflow run.`);
    const { repository, repository_id, workflow_ref, run_id, run_attempt, actor, actor_id, check_run_id, event_name } = claims.data;
    return {
      repository,
      repositoryId: repository_id,
      workflowRef: workflow_ref,
      runId: run_id,
      runAttempt: run_attempt,
      ...(check_run_id === undefined ? {} : { jobId: check_run_id }),
      actor: { login: actor, id: actor_id },
      ...(event_name === undefined ? {} : { event: event_name }),
    };
  };
}

/** jose's plain `JOSEError` is the answer other than 200 to its request for the keys. */
const isOutOfReach = (error: errors.JOSEError) =>
  error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === "ERR_JOSE_GENERIC";
