import type { Said } from "../domain/envelope.ts";
import type { Gate as OpenGate } from "../domain/issue-parts.ts";
import type { SeenPullRequest } from "../domain/seen.ts";
import type { GateResult } from "../gates/evaluate.ts";
import { evaluationOf } from "./evaluation.ts";
import { type Conclusion, nothing, type Rule, type Scene } from "./rule.ts";

const MINUTE_MS = 60_000;
/** What an event keeps of the evidence; its hash is of all of it. */
const MOST_EVIDENCE = 100;

/** Raises, opens and voids the human gates of the present head (R11, R12, R12b). */
export const gates: Rule = (scene): Conclusion => {
  const { issue, seen } = scene;
  const pr = seen.pullRequest;
  if (!issue.pullRequest || !pr || pr.headSha !== issue.pullRequest.headSha || pr.state !== "open") return nothing;
  const { raised } = evaluationOf(scene, pr);
  for (const known of issue.gates) {
    const reason = outdated(known, raised, pr);
    if (reason) return { events: [voided(known, pr, reason)] };
  }
  // Nobody is asked about what its author is still at work on.
  if (issue.watched && pr.draft) return nothing;
  for (const result of raised) {
    const known = issue.gates.find(({ name }) => name === result.gate.name);
    const event = known ? decided(known, result, pr, scene) : triggered(result, pr, scene);
    if (event) return { events: [event] };
  }
  return nothing;
};

/** R12b: why what a gate stood on is not so any more. */
function outdated(known: OpenGate, raised: readonly GateResult[], { headSha }: SeenPullRequest): string | undefined {
  const now = raised.find(({ gate: { name } }) => name === known.name);
  const same = now?.hash === known.evidenceHash;
  if (known.headSha !== headSha) return `The head moved to ${headSha.slice(0, 7)}.${same ? " What raises the gate is the same." : ""}`;
  if (!now) return "Nothing in this head raises it any more.";
  return same ? undefined : "What raises it is not the same any more: the base, or the rules on the default branch, changed.";
}

function triggered({ gate, evidence, hash, approvers }: GateResult, pr: SeenPullRequest, { issue, seen }: Scene): Said {
  const before = issue.voided[gate.name];
  const same = before && before.evidenceHash === hash && before.headSha !== pr.headSha;
  return {
    type: "HUMAN_GATE_TRIGGERED",
    data: {
      ...{ prNumber: pr.number, headSha: pr.headSha, gate: gate.name, approvers: [...approvers] },
      evidence: evidence.slice(0, MOST_EVIDENCE).map((one) => ({ ...one })),
      ...{ evidenceCount: evidence.length, evidenceHash: hash, rulesSha: seen.defaultBranch.sha },
      ...(same ? { sameAs: { headSha: before.headSha, ...(before.approvedBy ? { approvedBy: before.approvedBy } : {}) } } : {}),
    },
  };
}

function decided(gate: OpenGate, result: GateResult, pr: SeenPullRequest, scene: Scene): Said | undefined {
  const { judgement, hash, solo } = result;
  const onHead = { prNumber: pr.number, headSha: pr.headSha, gate: gate.name };
  if (judgement.state === gate.state) return undefined;
  switch (judgement.state) {
    case "approved": {
      const [by = "unknown"] = judgement.by;
      // Presses of one button share its check's id.
      const review = pr.reviews.find((one) => one.id === judgement.reviewId && one.by === by);
      const who = review ? { actor: { kind: "human" as const, login: review.by, id: review.byId }, at: review.submittedAt } : {};
      const spoken = scene.issue.spoken.some(({ commentId }) => commentId === judgement.reviewId);
      return {
        type: "HUMAN_GATE_APPROVED",
        data: {
          ...{ ...onHead, by, reviewId: judgement.reviewId, evidenceHash: hash },
          waitedMinutes: waited(gate, review?.submittedAt ?? scene.now),
          via: spoken ? "command" : "review",
          ...(judgement.by.length > 1 ? { together: [...judgement.by] } : {}),
          ...(solo ? { alsoRequested: true } : {}),
        },
        ...who,
      };
    }
    case "rejected":
      return {
        type: "HUMAN_GATE_REJECTED",
        data: { ...onHead, by: judgement.by, reason: judgement.reason, waitedMinutes: waited(gate, scene.now) },
      };
    case "waiting":
      return voided(gate, pr, judgement.because);
    default:
      return judgement satisfies never;
  }
}

const waited = ({ since }: OpenGate, until: Date): number => Math.max(0, Math.floor((until.getTime() - since.getTime()) / MINUTE_MS));

const voided = (gate: OpenGate, pr: SeenPullRequest, reason: string): Said => ({
  type: "HUMAN_GATE_VOIDED",
  data: { prNumber: pr.number, headSha: gate.headSha, gate: gate.name, reason },
});
