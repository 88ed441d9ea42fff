import type { Environment, RigEvent } from "./events.ts";
import type { PrNumber, Sha } from "./ids.ts";
import { type Gate, type Issue, noRelease, type Release, type Run } from "./issue.ts";

type Without<K extends keyof Issue> = Omit<Issue, K>;

/** Folds one event into an issue. A new event type does not compile until it has an answer here. */
export function evolve(issue: Issue, event: RigEvent, at: Date): Issue {
  switch (event.type) {
    case "ISSUE_APPROVED": {
      const { title, body, bodyHash, priority, approvedBy, actId } = event.data;
      return { ...without(issue, "waiting"), approval: { title, body, bodyHash, approvedBy, actId, at, stale: false }, priority };
    }
    case "APPROVAL_STALE":
      return issue.approval ? { ...issue, approval: { ...issue.approval, stale: true } } : issue;
    case "ISSUE_WITHDRAWN":
      return { ...fenceRuns(without(issue, "approval", "assignment", "waiting")) };
    case "PRIORITY_CHANGED":
      return { ...issue, priority: event.data.to };
    case "ISSUE_WAITING":
      return { ...issue, waiting: { for: event.data.for, reason: event.data.reason } };
    case "ISSUE_RESUMED":
      return without(issue, "waiting");
    case "ISSUE_HELD":
      return { ...fenceRuns(without(issue, "assignment")), held: { by: event.data.by, reason: event.data.reason } };
    case "ISSUE_RELEASED":
      return issue.escalation
        ? { ...without(issue, "held", "escalation"), ...freshCounters, release: retriable(issue) }
        : without(issue, "held");
    case "ISSUE_DONE":
      return { ...without(issue, "assignment"), doneAt: at };

    case "ISSUE_ASSIGNED": {
      const { agentId, runId, branch, attempt } = event.data;
      return { ...issue, assignment: { agentId, runId, branch, attempt, since: at }, attempts: Math.max(issue.attempts, attempt) };
    }
    case "ISSUE_UNASSIGNED":
      return {
        ...fenceRuns(without(issue, "assignment", "pullRequest", "ci", "review", "mergeRequestedFor")),
        gates: [],
        mergeBlockedBy: [],
      };
    case "AGENT_STUCK": {
      const { runId, cause, reason } = event.data;
      const run = issue.runs.find((known) => known.runId === runId);
      if (!run || run.stuck || run.fenced) return issue;
      // A lost reviewer is asked again: only the agent that has the issue can earn a strike.
      const strike = cause === "agent" && run.kind !== "review";
      const lost = cause === "infra" || (cause === "agent" && run.kind === "review");
      return {
        ...changeRun(issue, runId, { stuck: { cause, reason, at } }),
        strikes: issue.strikes + (strike ? 1 : 0),
        infraFailures: issue.infraFailures + (lost ? 1 : 0),
      };
    }
    case "RUN_REQUESTED": {
      const { runId, agent, agentId, kind, baseSha } = event.data;
      const asked: Run = { runId, agent, agentId, kind, baseSha, requestedAt: at, fenced: false };
      return {
        ...issue,
        runs: [...fenceRuns(issue).runs, asked],
        ciFixes: issue.ciFixes + (kind === "fix-ci" ? 1 : 0),
        reviewRounds: issue.reviewRounds + (kind === "answer-review" ? 1 : 0),
      };
    }
    case "WORK_STARTED":
      return changeRun(issue, event.data.runId, { startedAt: at, lastSeenAt: at });
    case "HEARTBEAT":
      return event.data.runId ? changeRun(issue, event.data.runId, { lastSeenAt: at }) : issue;
    case "RUN_FINISHED":
      return {
        ...changeRun(issue, event.data.runId, {
          finished: { outcome: event.data.outcome, at, ...(event.data.summary ? { summary: event.data.summary } : {}) },
        }),
        usd: issue.usd + event.data.usd,
      };
    case "QUESTION_ASKED":
      return { ...issue, waiting: { for: "answer", reason: event.data.text } };
    case "QUESTION_ANSWERED":
      return without(issue, "waiting");
    case "BUDGET_EXCEEDED":
      return { ...issue, waiting: { for: "budget", reason: `The ${event.data.scope}'s budget of $${event.data.limit} is spent.` } };

    case "PR_CREATED": {
      const { prNumber, prUrl, branch, headSha } = event.data;
      return { ...issue, pullRequest: { number: prNumber, url: prUrl, branch, headSha, pushes: 1, since: at } };
    }
    case "PR_UPDATED":
      return issue.pullRequest
        ? {
            ...without(issue, "mergeRequestedFor"),
            pullRequest: { ...issue.pullRequest, headSha: event.data.headSha, pushes: issue.pullRequest.pushes + 1, since: at },
            mergeBlockedBy: [],
          }
        : issue;
    case "PR_CLOSED":
      return { ...without(issue, "pullRequest", "ci", "review", "mergeRequestedFor"), gates: [], mergeBlockedBy: [] };
    case "CI_PASSED":
      return { ...issue, ci: { headSha: event.data.headSha, passed: true, failedChecks: [] } };
    case "CI_FAILED":
      return { ...issue, ci: { headSha: event.data.headSha, passed: false, failedChecks: event.data.failedChecks } };
    case "REVIEW_REQUESTED":
      return { ...issue, review: { headSha: event.data.headSha, result: "requested", findings: [] } };
    case "REVIEW_PASSED": {
      const { headSha, reviewer, reviewId } = event.data;
      return { ...issue, review: { headSha, result: "passed", reviewer, reviewId, findings: [] } };
    }
    case "REVIEW_CHANGES_REQUESTED": {
      const { headSha, reviewer, reviewId, findings } = event.data;
      return { ...issue, review: { headSha, result: "changes_requested", reviewer, reviewId, findings } };
    }
    case "REVIEW_OVERRULED":
      return issue.review ? { ...issue, review: { ...issue.review, result: "passed", reviewer: event.data.by, findings: [] } } : issue;

    case "HUMAN_GATE_TRIGGERED": {
      const { gate, headSha, evidence, approvers } = event.data;
      const raised: Gate = { name: gate, headSha, evidence, approvers, since: at, reminders: 0, escalated: false, state: "waiting" };
      return { ...issue, gates: [...issue.gates.filter(({ name }) => name !== gate), raised] };
    }
    case "HUMAN_GATE_REMINDER":
      return changeGate(issue, event.data.gate, { reminders: event.data.nth });
    case "HUMAN_GATE_APPROVED": {
      const gate = issue.gates.find(({ name }) => name === event.data.gate);
      const waited = gate ? (at.getTime() - gate.since.getTime()) / 60_000 : 0;
      return {
        ...changeGate(issue, event.data.gate, { state: "approved", by: event.data.by, decidedAt: at }),
        humanWaitMinutes: issue.humanWaitMinutes + waited,
      };
    }
    case "HUMAN_GATE_REJECTED":
      return changeGate(issue, event.data.gate, { state: "rejected", by: event.data.by, decidedAt: at });
    case "HUMAN_GATE_VOIDED":
      return { ...issue, gates: issue.gates.filter(({ name }) => name !== event.data.gate) };

    case "MERGE_REQUESTED":
      return { ...issue, mergeRequestedFor: event.data.headSha, mergeBlockedBy: [] };
    case "MERGE_BLOCKED":
      return { ...without(issue, "mergeRequestedFor"), mergeBlockedBy: event.data.reasons };
    case "MERGED":
      return {
        ...fenceRuns(issue),
        merged: { headSha: event.data.headSha, mergeSha: event.data.mergeSha, at },
        pullRequest: mergedPullRequest(issue, event.data, at),
      };
    case "DEPLOY_REQUESTED":
      return changeRelease(issue, event.data.environment, { requests: event.data.attempt, requestedAt: at });
    case "DEPLOYED_STAGING":
    case "DEPLOYED_PRODUCTION":
      return changeRelease(issue, event.data.environment, { deployedAt: at, url: event.data.url });
    case "SMOKE_PASSED":
      return changeRelease(issue, event.data.environment, { healthyAt: at });
    case "SMOKE_FAILED":
      return changeRelease(issue, event.data.environment, { smokeFailures: event.data.retry });
    case "VERIFIED":
      return { ...changeRelease(issue, event.data.environment, { healthyAt: at }), verifiedAt: at };

    case "ESCALATED": {
      const { about, reason } = event.data;
      const escalated = { ...issue, escalation: { about, reason, at } };
      if (about === "gate")
        return { ...escalated, gates: issue.gates.map((gate) => (gate.state === "waiting" ? { ...gate, escalated: true } : gate)) };
      return fenceRuns(escalated);
    }
    case "ESCALATION_RESOLVED":
      return without(issue, "escalation");

    // History that is shown and counted, and changes nothing an issue's next step hangs on.
    case "MILESTONE_COMPLETE":
    case "GUARD_BLOCKED":
    case "BRANCH_CREATED":
    case "REVIEW_DISPUTED":
    case "DEPLOY_FAILED":
    case "ROLLBACK_REQUESTED":
    case "ROLLED_BACK":
    case "ESCALATION_NOTIFIED":
    case "ESCALATION_ACKNOWLEDGED":
    case "COMMAND_RECEIVED":
    case "INCIDENT_DETECTED":
    case "INCIDENT_RESOLVED":
    case "PROPOSAL_CREATED":
    case "PROPOSAL_APPROVED":
    case "PROPOSAL_REJECTED":
    case "CONFIG_CHANGED":
    case "CONFIG_INVALID":
      return issue;
    default:
      return event satisfies never;
  }
}

function without<
  K extends "approval" | "assignment" | "waiting" | "held" | "escalation" | "pullRequest" | "ci" | "review" | "mergeRequestedFor",
>(issue: Issue, ...keys: K[]): Without<K> & Issue {
  const rest: Partial<Record<string, unknown>> = { ...issue };
  for (const key of keys) delete rest[key];
  return rest as unknown as Without<K> & Issue;
}

/** What only a person's decision sets back. */
const freshCounters = { strikes: 0, infraFailures: 0, ciFixes: 0, reviewRounds: 0 };

/** A release that failed starts again; what is healthy stays. */
const retriable = ({ release: { staging, production } }: Issue): Issue["release"] => ({
  staging: staging.healthyAt ? staging : noRelease,
  production: production.healthyAt ? production : noRelease,
});

const fenceRuns = (issue: Issue): Issue => ({
  ...issue,
  runs: issue.runs.map((run) => (run.finished || run.fenced ? run : { ...run, fenced: true })),
});

const changeRun = (issue: Issue, runId: string, change: Partial<Run>): Issue => ({
  ...issue,
  runs: issue.runs.map((run) => (run.runId === runId && !run.fenced ? { ...run, ...change } : run)),
});

const changeGate = (issue: Issue, name: string, change: Partial<Gate>): Issue => ({
  ...issue,
  gates: issue.gates.map((gate) => (gate.name === name ? { ...gate, ...change } : gate)),
});

const changeRelease = (issue: Issue, environment: Environment, change: Partial<Release>): Issue => ({
  ...issue,
  release: { ...issue.release, [environment]: { ...issue.release[environment], ...change } },
});

const mergedPullRequest = (issue: Issue, { prNumber, headSha }: { prNumber: PrNumber; headSha: Sha }, at: Date) =>
  issue.pullRequest ?? { number: prNumber, url: "", branch: "", headSha, pushes: 0, since: at };
