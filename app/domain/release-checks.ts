/** What a release is asked before it counts as healthy, by the repository's policy. */
import type { Environment } from "./events.ts";
import type { Issue } from "./issue.ts";
import type { Policy, ProbeSpec } from "./policy.ts";

/** The environments a repository configures, in the order a merge passes them. */
export const environments = ({ deploy }: Policy): readonly Environment[] => [
  ...(deploy.staging ? (["staging"] as const) : []),
  ...(deploy.production ? (["production"] as const) : []),
];

/**
 * Where a merge is on its way; undefined where it has come through. Each environment waits for the one before. A person's pull request is
 * only followed to production.
 */
export const nextEnvironment = ({ merged, release, watched }: Issue, policy: Policy): Environment | undefined =>
  merged &&
  environments(policy).find((environment) =>
    watched ? environment === "production" && !release.production.deployedAt : !release[environment].healthyAt,
  );

/** Stands for the merge commit, or a later one that has it in it. */
export const SHA = "{sha}";

export const specsOf = ({ deploy }: Policy, environment: Environment): readonly ProbeSpec[] =>
  (environment === "staging" ? deploy.staging?.smoke : deploy.production?.verify) ?? [];

/** The workflow that has to conclude well. */
export const checkWorkflowOf = ({ deploy }: Policy, environment: Environment): string | undefined =>
  environment === "staging" ? deploy.staging?.smokeWorkflow : deploy.production?.verifyWorkflow;

/** Whether what runs there says itself which commit it is; else Flux's or GitHub's word about the deployment is one of the checks. */
export const tellsItsCommit = (specs: readonly ProbeSpec[]): boolean =>
  specs.some(({ headers, json }) => [headers, json].some((wanted) => Object.values(wanted ?? {}).includes(SHA)));

/** How many answers make a verdict. */
export const checksWanted = (policy: Policy, environment: Environment): number => {
  const specs = specsOf(policy, environment);
  return specs.length + (policy.deploy[environment]?.flux || !tellsItsCommit(specs) ? 1 : 0);
};
