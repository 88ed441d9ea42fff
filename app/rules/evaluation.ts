import type { Issue } from "../domain/issue.ts";
import type { Policy } from "../domain/policy.ts";
import type { SeenPullRequest } from "../domain/seen.ts";
import { type Evaluation, evaluate } from "../gates/evaluate.ts";

/** What of a scene the gates are judged by. */
export interface Judged {
  readonly issue: Issue;
  readonly policy: Policy;
  readonly faults: readonly string[];
  readonly identities: { readonly rig: number; readonly review?: number };
}

/** The gates of a head, as its repository has them and with what the history knows of them. */
export function evaluationOf({ issue, policy, faults, identities }: Judged, pr: SeenPullRequest): Evaluation {
  const onHead = issue.gates.filter(({ headSha }) => headSha === pr.headSha);
  const asker = issue.approval?.approvedBy;
  return evaluate(pr, {
    settings: policy.gates,
    ours: [identities.rig, ...(identities.review ? [identities.review] : [])],
    openedAt: Object.fromEntries(onHead.map(({ name, since }) => [name, since])),
    faults,
    ...(asker ? { requester: { login: asker, mayApprove: policy.gateApproval.byRequester } } : {}),
  });
}
