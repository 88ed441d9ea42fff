import type { Reaction } from "./reaction.ts";

export const merge: Reaction<"MERGE_REQUESTED"> = ({ prNumber, headSha }, { policy }) => [
  { kind: "MERGE", data: { prNumber, headSha, method: policy.merge.method } },
];

export const tidy: Reaction<"MERGED"> = (_, { policy, before }) =>
  policy.merge.deleteBranch && before.pullRequest && !before.watched
    ? [{ kind: "DELETE_BRANCH", data: { branch: before.pullRequest.branch } }]
    : [];

export const deploy: Reaction<"DEPLOY_REQUESTED"> = ({ environment, sha }, { policy, defaultBranch }) => {
  const workflow = policy.deploy[environment]?.workflow;
  return workflow ? [{ kind: "DEPLOY", data: { environment, workflow, ref: defaultBranch, sha } }] : [];
};

export const check: Reaction<"SMOKE_REQUESTED"> = ({ environment, sha, workflow }, { defaultBranch }) => [
  { kind: "SMOKE", data: { environment, workflow, ref: defaultBranch, sha } },
];
