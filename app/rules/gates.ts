import type { Said } from "../domain/envelope.ts";
import type { Gate as OpenGate } from "../domain/issue.ts";
import type { SeenPullRequest } from "../domain/seen.ts";
import { approversOf, type Judgement, judge } from "../gates/approval.ts";
import { parseOwners } from "../gates/codeowners.ts";
import { raisedGates } from "../gates/index.ts";
import { type Conclusion, nothing, type Rule, type Scene } from "./rule.ts";

/** Raises, opens and voids the human gates of the present head (R11, R12, R12b). */
export const gates: Rule = (scene): Conclusion => {
  const { issue, seen } = scene;
  const pr = seen.pullRequest;
  if (!issue.pullRequest || !pr || pr.headSha !== issue.pullRequest.headSha || pr.state !== "open") return nothing;
  const raised = raisedGates(pr.changes);
  const outdated = issue.gates.find((gate) => gate.headSha !== pr.headSha || !raised.some(({ gate: { name } }) => name === gate.name));
  if (outdated)
    return {
      events: [
        voided(
          outdated,
          pr,
          outdated.headSha === pr.headSha ? "Nothing in this head raises it any more." : `The head moved to ${pr.headSha.slice(0, 7)}.`,
        ),
      ],
    };

  const owners = (pr.owners.text !== undefined && !pr.owners.faulty && parseOwners(pr.owners.text)) || [];
  for (const { gate, evidence } of raised) {
    const paths = [...new Set(evidence.map(({ path }) => path))];
    const known = issue.gates.find(({ name }) => name === gate.name);
    if (!known) {
      const approvers = [...approversOf({ paths, owners, madeBy: pr.madeBy })];
      return {
        events: [
          {
            type: "HUMAN_GATE_TRIGGERED",
            data: { prNumber: pr.number, headSha: pr.headSha, gate: gate.name, evidence: [...evidence], approvers },
          },
        ],
      };
    }
    const judgement = judge({
      headSha: pr.headSha,
      openedAt: known.since,
      paths,
      owners,
      teams: pr.teams,
      reviews: pr.reviews.filter(({ gates: decides }) => !decides || decides.includes(gate.name)),
      madeBy: pr.madeBy,
      ours: [scene.identities.rig, ...(scene.identities.review ? [scene.identities.review] : [])],
    });
    const event = decided(known, judgement, pr, scene);
    if (event) return { events: [event] };
  }
  return nothing;
};

function decided(gate: OpenGate, judgement: Judgement, pr: SeenPullRequest, { seen }: Scene): Said | undefined {
  const onHead = { prNumber: pr.number, headSha: pr.headSha, gate: gate.name };
  if (judgement.state === gate.state) return undefined;
  switch (judgement.state) {
    case "approved": {
      const review = seen.pullRequest?.reviews.find(({ id }) => id === judgement.reviewId);
      const who = review ? { actor: { kind: "human" as const, login: review.by, id: review.byId }, at: review.submittedAt } : {};
      return { type: "HUMAN_GATE_APPROVED", data: { ...onHead, by: judgement.by, reviewId: judgement.reviewId }, ...who };
    }
    case "rejected":
      return { type: "HUMAN_GATE_REJECTED", data: { ...onHead, by: judgement.by, reason: judgement.reason } };
    case "waiting":
      return voided(gate, pr, judgement.because);
    default:
      return judgement satisfies never;
  }
}

const voided = (gate: OpenGate, pr: SeenPullRequest, reason: string): Said => ({
  type: "HUMAN_GATE_VOIDED",
  data: { prNumber: pr.number, headSha: gate.headSha, gate: gate.name, reason },
});
