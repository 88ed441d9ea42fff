import type { workEvents } from "../events/work.ts";
import type { Issue } from "../issue.ts";
import type { Run } from "../issue-parts.ts";
import { type Folds, setAside, startOver, without } from "./fold.ts";

export const workFolds: Folds<keyof typeof workEvents> = {
  ISSUE_ASSIGNED: (issue, { agentId, runId, branch, attempt }, at) => ({
    ...without(issue, "setAside"),
    assignment: { agentId, runId, branch, attempt, since: at },
    attempts: Math.max(issue.attempts, attempt),
  }),
  ISSUE_UNASSIGNED: (issue, { agentId, runId, cause, reason }, at) => {
    // Only the agent's own failure ends the attempt; whatever else came between, it goes on.
    if (cause !== "agent") return { ...setAside(issue), ...uncounted(issue, runId) };
    const summary = issue.runs.find((run) => run.runId === runId)?.finished?.summary;
    const attempt = issue.assignment?.attempt ?? issue.attempts;
    return { ...startOver(issue), failure: { attempt, agentId, reason, at, ...(summary ? { summary } : {}) } };
  },
  AGENT_STUCK: (issue, { runId, cause, reason }, at) => {
    const run = issue.runs.find((known) => known.runId === runId);
    if (!run || run.stuck || run.fenced) return issue;
    // A lost reviewer is asked again: only the agent that has the issue can earn a strike. A round has no issue.
    const alone = run.kind === "review" || issue.round !== undefined;
    const strike = cause === "agent" && !alone;
    const lost = cause === "infra" || (cause === "agent" && alone);
    return {
      // A stuck review is over, as a round's run is: another one is asked for. A stuck agent still has the issue until it is taken from it.
      ...changeRun(issue, runId, { stuck: { cause, reason, at }, ...(alone ? { fenced: true } : {}) }),
      strikes: issue.strikes + (strike ? 1 : 0),
      infraFailures: issue.infraFailures + (lost ? 1 : 0),
    };
  },
  RUN_REQUESTED: (issue, { runId, agent, agentId, kind, attempt, baseSha, resumes, findings }, at) => {
    const asked: Run = {
      ...{ runId, agent, agentId, kind, attempt, baseSha, requestedAt: at, fenced: false, findings },
      ...(resumes ? { resumes } : {}),
    };
    // What goes on with an answer is the same round.
    const round = issue.answer ? 0 : 1;
    const before = issue.runs.map((run) => (run.finished || run.fenced ? run : { ...run, fenced: true }));
    return {
      ...without(issue, "answer"),
      runs: [...before, asked],
      idleRuns: issue.idleRuns + 1,
      ciFixes: issue.ciFixes + (kind === "fix-ci" ? round : 0),
      reviewRounds: issue.reviewRounds + (kind === "answer-review" ? round : 0),
    };
  },
  WORK_STARTED: (issue, { runId }, at) => changeRun(issue, runId, { startedAt: at, lastSeenAt: at }),
  RUNNER_STARVED: (issue, { runId }, at) => changeRun(issue, runId, { starvedAt: at }),
  HEARTBEAT: (issue, { runId, progress }, at) => {
    const run = issue.runs.find((known) => known.runId === runId);
    if (!run || !runId) return issue;
    const mark = [progress.treeSha, progress.testRuns, progress.lastCommit].join(" ");
    const since = run.progress?.mark === mark ? run.progress.since : at;
    return changeRun(issue, runId, { lastSeenAt: at, progress: { mark, since, sameCalls: progress.sameCalls ?? 0 } });
  },
  CHECKPOINT_REQUESTED: (issue, { runId, reason }, at) => changeRun(issue, runId, { asked: { reason, at } }),
  CHECKPOINT_SAVED: (issue, { runId, sha, usd }) => costing(changeRun(issue, runId, { checkpoint: sha }), runId, usd),
  RUN_FINISHED: (issue, { runId, outcome, usd, summary }, at) =>
    costing(changeRun(issue, runId, { finished: { outcome, at, ...(summary ? { summary } : {}) } }), runId, usd),
  QUESTION_ASKED: (issue, { text, by, runId }, at) => ({
    ...(runId ? changeRun(issue, runId, { question: text }) : issue),
    asked: [...issue.asked, { text, by }],
    questions: issue.questions + (runId ? 1 : 0),
    waiting: { for: "answer", reason: text, on: [], since: at },
  }),
  QUESTION_REMINDED: (issue, { nth }) =>
    issue.waiting?.for === "answer" ? { ...issue, waiting: { ...issue.waiting, reminders: nth } } : issue,
  QUESTION_ANSWERED: (issue, { text, by }, at) => ({
    ...without(issue, "waiting"),
    answer: { text, by },
    asked: issue.asked.map((question, index) => (index === issue.asked.length - 1 ? { ...question, answer: { text, by } } : question)),
    idleRuns: 0,
    decidedAt: at,
  }),
  BUDGET_WARNED: (issue, { scope }) => ({ ...issue, warned: [...issue.warned, scope] }),
  BUDGET_EXCEEDED: (issue, { scope, unit, limit, spent }, at) => {
    // A run that used up what one run may use has failed as a run; only what is above it waits for a person. A round waits for nobody.
    if (scope === "run" || issue.round) return issue;
    const what = unit === "usd" ? `$${spent.toFixed(2)} of $${limit}` : `${spent} of ${limit} ${unit}`;
    const reason =
      scope === "issue" ? `The issue has used up its budget: ${what}.` : `The repository has used up its budget of the day: ${what}.`;
    return { ...issue, waiting: { for: "budget", reason, on: [], since: at, scope } };
  },
  // What a run that goes on was kept from is for the record; what its result is refused for ends the attempt.
  GUARD_BLOCKED: (issue, { runId, rule, detail }) =>
    issue.runs.some((run) => run.runId === runId && run.finished) ? changeRun(issue, runId, { refused: { rule, detail } }) : issue,
};

export const changeRun = (issue: Issue, runId: string, change: Partial<Run>): Issue => ({
  ...issue,
  runs: issue.runs.map((run) => (run.runId === runId && !run.fenced ? { ...run, ...change } : run)),
});

/** What a run has cost so far is counted once, however often it is told. */
function costing(issue: Issue, runId: string, usd: number): Issue {
  const before = issue.runs.find((run) => run.runId === runId)?.usd ?? 0;
  return { ...changeRun(issue, runId, { usd }), usd: issue.usd + usd - before };
}

/** A round that something else cut short was not a round. */
function uncounted({ runs, ciFixes, reviewRounds, idleRuns }: Issue, runId: string): Pick<Issue, "ciFixes" | "reviewRounds" | "idleRuns"> {
  const kind = runs.find((run) => run.runId === runId)?.kind;
  return {
    idleRuns: Math.max(0, idleRuns - (kind ? 1 : 0)),
    ciFixes: Math.max(0, ciFixes - (kind === "fix-ci" ? 1 : 0)),
    reviewRounds: Math.max(0, reviewRounds - (kind === "answer-review" ? 1 : 0)),
  };
}
