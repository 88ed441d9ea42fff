/** What happens, in the words of the demo. What is not here is in the timeline only. */
import type { Recorded } from "../../app/domain/envelope.ts";
import type { EventType } from "../../app/domain/events.ts";

type Words = { readonly [T in EventType]?: (event: Recorded<T>) => string | undefined };

const short = (sha: string) => sha.slice(0, 7);
const money = (usd: number) => `$${usd.toFixed(2)}`;
const amount = (unit: string, count: number) => (unit === "usd" ? `$${count.toFixed(3)}` : `${count} ${unit}`);

const words: Words = {
  ISSUE_APPROVED: ({ data }) => `${data.approvedBy} labels it agent-ready`,
  ISSUE_ASSIGNED: ({ data }) => `${data.agentId} gets it`,
  RUN_REQUESTED: ({ data }) =>
    data.kind === "answer-review"
      ? `the finding goes back to ${data.agentId}`
      : data.kind === "fix-ci"
        ? `what the checks said goes back to ${data.agentId}`
        : undefined,
  QUESTION_ASKED: ({ data }) => `${data.by === "rig" ? "before it begins, the Rig" : data.by} asks: ${data.text.split("\n")[0]}`,
  QUESTION_ANSWERED: ({ data }) => `${data.by} has answered`,
  WORK_STARTED: ({ data }) => (data.agentId === "review-e" ? "Review-E reads the change" : `${data.agentId} starts to work`),
  RUN_FINISHED: ({ data, actor }) =>
    data.outcome === "review" ? undefined : `${actor.login} is done after ${data.turns} turns (${money(data.usd)})`,
  AGENT_STUCK: ({ data }) => `${data.agentId} is stuck: ${data.reason}`,
  GUARD_BLOCKED: ({ data }) => `stopped by the rule ${data.rule}: ${data.detail}`,
  APPROVAL_STALE: ({ data }) => `${data.changedBy} changed the text after it was approved: nothing is opened or merged for it`,
  ISSUE_WITHDRAWN: ({ data }) => data.reason,
  ISSUE_WAITING: ({ data }) => `it waits. ${data.reason}`,
  ISSUE_RESUMED: ({ data }) => data.reason,
  CHECKPOINT_REQUESTED: ({ data }) => `the agent is asked to keep its work and make room: ${data.reason}`,
  CHECKPOINT_SAVED: ({ data }) => `the work in progress is kept as ${short(data.sha)}`,
  BUDGET_WARNED: ({ data }) => `${amount(data.unit, data.spent)} of ${amount(data.unit, data.limit)} for the ${data.scope} are spent`,
  BUDGET_EXCEEDED: ({ data }) => `the budget of the ${data.scope} is spent: no model is asked any more`,
  BUDGET_RAISED: ({ data }) => `${data.by} grants it ${money(data.usd)} in all`,
  COMMAND_RECEIVED: ({ data }) =>
    data.verdict === "accepted" ? `${data.by} says /rig ${data.verb} ${data.args}`.trim() : `${data.by} may not say /rig ${data.verb}`,
  PR_CREATED: ({ data }) => `pull request #${data.prNumber} is open`,
  PR_UPDATED: ({ data }) => `#${data.prNumber} has a new commit, ${short(data.headSha)}`,
  CI_PASSED: () => "the checks pass",
  CI_FAILED: ({ data }) => `checks fail: ${data.failedChecks.map(({ name }) => name).join(", ")}`,
  REVIEW_PASSED: ({ data }) => `Review-E approves ${short(data.headSha)}`,
  REVIEW_CHANGES_REQUESTED: ({ data, actor }) => {
    const place = data.findings.find(({ path }) => path !== undefined);
    return `${actor.kind === "human" ? actor.login : "Review-E"} wants a change${place ? ` at ${place.path}:${place.line}` : ""}`;
  },
  HUMAN_GATE_TRIGGERED: ({ data }) => `the ${data.gate} gate asks ${data.approvers.join(", ")}: ${data.evidence[0]?.because}`,
  HUMAN_GATE_APPROVED: ({ data }) => `${data.by} opens the ${data.gate} gate for ${short(data.headSha)}`,
  HUMAN_GATE_REJECTED: ({ data }) => `${data.by} does not open the ${data.gate} gate: ${data.reason}`,
  HUMAN_GATE_VOIDED: ({ data }) => `what was said about the ${data.gate} gate is void: ${data.reason}`,
  HUMAN_GATE_REMINDER: ({ data }) => `the ${data.gate} gate still waits`,
  MERGE_BLOCKED: ({ data }) => `it does not merge yet. ${data.reasons.join(" ")}`,
  MERGED: ({ data }) => `merged as ${short(data.mergeSha)}`,
  DEPLOYED_STAGING: () => "staging has it",
  SMOKE_PASSED: () => "staging is healthy",
  DEPLOYED_PRODUCTION: () => "production has it",
  VERIFIED: ({ data }) => `verified: production answers as ${short(data.sha)}`,
  ISSUE_DONE: ({ data }) => `done, for ${money(data.usd)}`,
  ESCALATED: ({ data }) => `a person has to decide: ${data.reason}`,
  ESCALATION_NOTIFIED: ({ data }) => `the call for a person has arrived at ${data.channel === "github" ? "GitHub" : `#${data.channel}`}`,
  ESCALATION_ACKNOWLEDGED: ({ data }) => `${data.by} has seen it`,
  ESCALATION_RESOLVED: ({ data }) => `${data.by} decides: ${data.decision}`,
};

export const wordsFor = <T extends EventType>(event: Recorded<T>): string | undefined =>
  (words[event.type] as ((event: Recorded<T>) => string | undefined) | undefined)?.(event);
