import type { Reaction } from "./reaction.ts";

export const merge: Reaction<"MERGE_REQUESTED"> = ({ prNumber, headSha }, { policy }) => [
  { kind: "MERGE", data: { prNumber, headSha, method: policy.merge.method } },
];

export const tidy: Reaction<"MERGED"> = (_, { policy, before }) =>
  policy.merge.deleteBranch && before.pullRequest && !before.watched
    ? [{ kind: "DELETE_BRANCH", data: { branch: before.pullRequest.branch } }]
    : [];

/** P13: the only way back. It goes the way of every deployment, with the commit that a person named. */
export const rollBack: Reaction<"ROLLBACK_REQUESTED"> = ({ toSha }, { policy, defaultBranch }) => {
  const workflow = policy.deploy.production?.workflow;
  return workflow ? [{ kind: "DEPLOY", data: { environment: "production", workflow, ref: defaultBranch, sha: toSha } }] : [];
};

export const deploy: Reaction<"DEPLOY_REQUESTED"> = ({ environment, sha }, { policy, defaultBranch }) => {
  const workflow = policy.deploy[environment]?.workflow;
  return workflow ? [{ kind: "DEPLOY", data: { environment, workflow, ref: defaultBranch, sha } }] : [];
};
