import { z } from "zod";
import { AgentId, PrNumber, RunId, Sha } from "../ids.ts";
import {
  BudgetScope,
  BudgetUnit,
  Cause,
  Count,
  Diagnosis,
  Finding,
  Lesson,
  Login,
  Outcome,
  Proposal,
  RunKind,
  Text,
  Usd,
} from "./words.ts";

const budget = { scope: BudgetScope, unit: BudgetUnit, limit: z.number().nonnegative(), spent: z.number().nonnegative() };

/** Who works, and how it goes. */
export const workEvents = {
  ISSUE_ASSIGNED: z
    .object({ agentId: AgentId, attempt: z.number().int().positive(), branch: z.string(), runId: RunId, note: Text.optional() })
    .describe("The Conductor chose an agent. `note` says what is unusual about the choice."),
  ISSUE_UNASSIGNED: z.object({ agentId: AgentId, runId: RunId, cause: Cause, reason: Text }).describe("The agent no longer has the issue."),
  RUN_REQUESTED: z
    .object({
      runId: RunId,
      agent: z.string(),
      agentId: AgentId,
      kind: RunKind,
      attempt: z.number().int().positive(),
      branch: z.string(),
      baseSha: Sha,
      prNumber: PrNumber.optional(),
      findings: z.array(Finding),
      workflowRunId: z.number().int().optional(),
      /** The run whose kept work in progress this one goes on with. */
      resumes: RunId.optional(),
    })
    .describe(
      "The Conductor wants a run of an agent: its workflow is dispatched with this run id, or `workflowRunId`, which a person started, claims it. It goes on with what `resumes` left.",
    ),
  WORK_STARTED: z
    .object({
      agentId: AgentId,
      runId: RunId,
      workflowRunUrl: z.string(),
      /** The file of the default branch that fitted the agent to the repository, and the commit it was read at. */
      override: z.object({ path: z.string(), sha: Sha }).optional(),
    })
    .describe("The run claimed its task. `override` is the file that fitted the agent to the repository, at the commit it was read from."),
  RUNNER_STARVED: z
    .object({ runId: RunId, waitedMinutes: z.number(), detail: Text })
    .describe("A dispatched run waits for a runner much longer than it should; said once a run."),
  HEARTBEAT: z
    .object({
      agentId: AgentId,
      status: z.enum(["idle", "working", "draining"]),
      runId: RunId.optional(),
      progress: z.object({
        turns: Count,
        toolCalls: Count,
        lastCommit: z.string().optional(),
        /** The workspace's files as git sees them. */
        treeSha: z.string().optional(),
        /** How often the project's test command was run. */
        testRuns: Count.optional(),
        /** How often the same tool was called with the same input in a row. */
        sameCalls: Count.optional(),
      }),
    })
    .describe("The runtime, never the model, says that it lives and what it has come to; the latest is kept, the history thinned."),
  CHECKPOINT_REQUESTED: z
    .object({ runId: RunId, reason: Text })
    .describe("Something more urgent needs the run's slot: the agent is asked to keep its work in progress and stop."),
  CHECKPOINT_SAVED: z
    .object({ runId: RunId, sha: Sha, bytes: Count, usd: Usd })
    .describe("The run's work in progress is kept as a git bundle; the next run of the issue goes on with it."),
  RUN_FINISHED: z
    .object({
      runId: RunId,
      outcome: Outcome,
      usd: Usd,
      tokens: z.object({ input: Count, output: Count, cacheRead: Count, cacheWrite: Count }),
      turns: Count,
      minutes: z.number().nonnegative(),
      testsExitCode: z.number().int().optional(),
      summary: z.string().max(4000).optional(),
      /** What it proposes to remember; the repository learns it once the change is merged. */
      lessons: z.array(Lesson).max(3).optional(),
      /** Of a round: what it has to say. */
      diagnosis: Diagnosis.optional(),
      proposals: z.array(Proposal).max(10).optional(),
    })
    .describe("The runtime ended, with one of the closed set of outcomes."),
  AGENT_STUCK: z
    .object({ agentId: AgentId, runId: RunId, attempt: Count, cause: Cause, reason: Text, fingerprint: z.string() })
    .describe("The agent says that it cannot go on, or it was silent, or it made no progress."),
  GUARD_BLOCKED: z
    .object({ runId: RunId, rule: z.string(), detail: z.string().max(2000) })
    .describe("A rule stopped something a run tried; the detail is redacted."),
  QUESTION_ASKED: z
    .object({ text: Text.max(4_000), by: Login, runId: RunId.optional() })
    .describe("An agent asks instead of guessing: `runId` is the run that ended with it. Without one, the Conductor asks before any work."),
  QUESTION_REMINDED: z
    .object({ nth: Count, waitedMinutes: z.number().nonnegative() })
    .describe("A question has waited another while for its answer: the same while after which a waiting gate is remembered."),
  QUESTION_ANSWERED: z.object({ text: Text, by: Login }).describe("A person answered the question that was asked last."),
  BUDGET_WARNED: z.object(budget).describe("Four fifths of a budget are spent; said once a scope."),
  BUDGET_EXCEEDED: z.object(budget).describe("A budget is spent; the gateway answers no more."),
} as const;
