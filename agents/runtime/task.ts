/** What a run is asked to do: the answer to a claim. The Conductor writes it, the runtime reads it; both check it against this. */
import { z } from "zod";
import { ResolvedCharacter, taskKinds } from "./character.ts";
import { lessonKinds, outcomes } from "./outcome.ts";

const Sha = z.string().regex(/^[0-9a-f]{40}$/);

/** Bytes of a bundle that the Conductor keeps. */
export const MOST_CHECKPOINT = 50 * 1024 * 1024;

/** The header of the gateway's 402 that says whose budget is spent: `run`, `issue` or `day`. */
export const BUDGET_SCOPE = "rig-budget-scope";

/** Something a reviewer or a check said about the change. The text is a stranger's. */
export const Finding = z.strictObject({
  /** By which it is answered: `c<number>` for a review comment of GitHub, `r<number>` for what a review says as a whole. */
  id: z.string().optional(),
  by: z.string(),
  path: z.string().optional(),
  line: z.number().int().positive().optional(),
  text: z.string(),
  /** Its author objected: it is to be looked at afresh. What the author said stays out (a reviewer judges the change, not the argument). */
  disputed: z.boolean().optional(),
  /** A person decided that it stands: it is not to be disputed again. */
  upheld: z.boolean().optional(),
});
export type Finding = z.infer<typeof Finding>;

export const Task = z.strictObject({
  runId: z.uuid(),
  agent: z.string(),
  /** Which of the agent's instances has the issue. */
  agentId: z.string(),
  kind: z.enum(taskKinds),
  attempt: z.number().int().positive(),
  repository: z.strictObject({ id: z.number().int(), owner: z.string(), name: z.string(), defaultBranch: z.string() }),
  /** The frozen text that a person approved, never what the issue says now (R3). */
  issue: z.strictObject({ number: z.number().int(), title: z.string(), text: z.string() }),
  pullRequest: z.strictObject({ number: z.number().int(), headSha: Sha }).optional(),
  /** What a fix-ci or answer-review run has to answer. */
  findings: z.array(Finding),
  /** What people answered to questions about this task, oldest first. */
  answers: z.array(z.strictObject({ question: z.string(), by: z.string(), text: z.string() })),
  /** What earlier runs in this repository noted, and people left standing. */
  lessons: z.array(z.strictObject({ id: z.string(), kind: z.enum(lessonKinds), text: z.string() })),
  /** How the checks of the pull request's head ended; for a reviewer. */
  checks: z.array(z.strictObject({ name: z.string(), conclusion: z.string() })),
  /** The review before this one: the head it read, and what it found. */
  reviewed: z.strictObject({ headSha: Sha, findings: z.array(Finding) }).optional(),
  /** Why the reviewer before this one could not judge the same head; a stranger's words. */
  abstained: z.string().optional(),
  /** The attempt before this one, which failed; reason and summary are a stranger's words. */
  before: z.strictObject({ attempt: z.number().int(), agentId: z.string(), reason: z.string(), summary: z.string().optional() }).optional(),
  /** Work in progress of an earlier run: the commit, and where its bundle is to be had with this run's capability. */
  resume: z.strictObject({ sha: Sha, url: z.url() }).optional(),
  /** Where the work starts: the default branch's head at dispatch, or the pull request's head. */
  baseSha: Sha,
  branch: z.string(),
  character: ResolvedCharacter,
  /** minutes of wall time, US dollars at list price. */
  limits: z.strictObject({ turns: z.number().int().positive(), minutes: z.number().positive(), usd: z.number().positive() }),
  stack: z.strictObject({ setup: z.string().optional(), build: z.string().optional(), test: z.string().optional() }),
  /** How often the run says that it lives. */
  heartbeatMs: z.number().positive().optional(),
  /** How long a command may still go on once the run is asked to keep its work and stop. */
  checkpointMs: z.number().positive().optional(),
  /** Base URL for the Anthropic SDK. */
  gateway: z.url(),
  capability: z.string().min(32),
  expiresAt: z.iso.datetime(),
});
export type Task = z.infer<typeof Task>;

/** The answer to a publish job: a short-lived token, and what it may be used for. Nothing here comes from the work job. */
export const PublishGrant = z.strictObject({
  token: z.string(),
  expiresAt: z.iso.datetime(),
  permissions: z.record(z.string(), z.string()),
  /** For reporting GUARD_BLOCKED, BRANCH_CREATED and the like: POST /api/runs/{run}/events. */
  capability: z.string(),
  outcome: z.enum(outcomes),
  repository: z.strictObject({ owner: z.string(), name: z.string(), defaultBranch: z.string() }),
  issue: z.strictObject({ number: z.number().int(), title: z.string() }),
  pullRequest: z.strictObject({ number: z.number().int(), headSha: Sha }).optional(),
  /** Whose token it is: GitHub's ids of the App and of its bot. What is there already is its own by these, never by a name. */
  identity: z.strictObject({ appId: z.number().int(), userId: z.number().int() }),
  /** Ids of the findings that the run was asked to answer, or to look at once more: it may answer these. */
  findings: z.array(z.string()).optional(),
  baseSha: Sha,
  branch: z.string(),
  limits: z.strictObject({ changedFiles: z.number().int(), changedLines: z.number().int() }),
});
export type PublishGrant = z.infer<typeof PublishGrant>;
