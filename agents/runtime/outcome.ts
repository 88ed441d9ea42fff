/** How a run ended, as the work job hands it on. The publish job takes only words from it: what it may do stands in its grant. */
import { z } from "zod";

/** How a run may end. */
export const outcomes = ["patch", "review", "question", "blocked", "stuck", "limit_reached", "nothing_to_do", "failed", "report"] as const;
export type Outcome = (typeof outcomes)[number];

/** Characters of a question to people, its options included. */
export const MOST_QUESTION = 3_000;

/** What a reviewer found. `line` is in the file as the change leaves it. */
export const ReviewFinding = z.strictObject({
  path: z.string(),
  line: z.number().int().positive().optional(),
  text: z.string(),
  severity: z.enum(["blocking", "important", "minor"]),
});
export type ReviewFinding = z.infer<typeof ReviewFinding>;

/** `abstain`: whoever should judge cannot, and says why; another one is asked. */
export const verdicts = ["approve", "request_changes", "abstain"] as const;
export type Verdict = (typeof verdicts)[number];

/** What an author did about a finding of its task. */
export const FindingAnswer = z.strictObject({
  /** The finding's id, as the task gave it. */
  finding: z.string(),
  did: z.enum(["changed", "disputed"]),
  why: z.string(),
});
export type FindingAnswer = z.infer<typeof FindingAnswer>;

/** What a reviewer says of a finding of an earlier review. */
export const Revisited = z.strictObject({
  finding: z.string(),
  now: z.enum(["resolved", "stands", "withdrawn"]),
  why: z.string(),
});
export type Revisited = z.infer<typeof Revisited>;

export const lessonKinds = ["command", "convention", "pitfall", "map"] as const;

/** Something the next run in this repository should know, and what it was seen by. */
export const Lesson = z.strictObject({
  kind: z.enum(lessonKinds).describe("A command that works, a convention, a pitfall, or where something is."),
  text: z.string().min(1).max(300),
  evidence: z.string().min(1).max(200).describe("The file, command or output that shows it."),
});
export type Lesson = z.infer<typeof Lesson>;

/** Lessons that one run may leave. */
export const MOST_LESSONS = 3;

/** Of a round: what the agent takes for the cause of an incident. The lengths are those of the event that tells of it. */
export const Diagnosis = z.strictObject({
  cause: z.string().min(1).max(2_000).describe("What went wrong, in a few sentences."),
  confidence: z.enum(["high", "medium", "low"]),
  evidence: z.array(z.string().max(500)).max(10).describe("What shows it: a file and line, a commit, a line of a log."),
  suspect: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .optional()
    .describe("The commit that brought it, with all its 40 digits, where one did."),
  next: z.string().min(1).max(1_000).describe("What a person should do next."),
});
export type Diagnosis = z.infer<typeof Diagnosis>;

/** Of a round: work that the agent proposes. */
export const Proposal = z.strictObject({
  kind: z.enum(["feature", "fix", "debt", "test", "docs", "operations"]),
  title: z.string().min(1).max(120).describe("What would be done, as an issue's title."),
  what: z.string().min(1).max(6_000).describe("What exactly is to be done and how anybody sees that it is: an issue's text."),
  rationale: z.string().min(1).max(2_000).describe("Why now: what it costs to leave it."),
  evidence: z
    .array(z.string().max(300))
    .min(1)
    .max(10)
    .describe("Where the brief or the code shows it: a link, an issue's number, a file."),
  complexity: z.enum(["small", "medium", "large"]),
});
export type Proposal = z.infer<typeof Proposal>;

/** Proposals of one run. */
export const MOST_PROPOSALS = 10;

/** What a run used: US dollars at list price, tokens, minutes of wall time. */
export const Usage = z.strictObject({
  usd: z.number(),
  tokens: z.strictObject({ input: z.number(), output: z.number(), cacheRead: z.number(), cacheWrite: z.number() }),
  turns: z.number().int(),
  toolCalls: z.number().int(),
  minutes: z.number(),
});
export type Usage = z.infer<typeof Usage>;

/** `outcome.json` of a run's artifact. */
export const RunOutcome = z.strictObject({
  runId: z.uuid(),
  outcome: z.enum(outcomes),
  title: z.string(),
  /** What was done; of a question, the question; of a stuck run, the reason. */
  summary: z.string(),
  /** Why it was done so, in the agent's words. */
  why: z.string().optional(),
  /** How the agent says it tested. What the runtime measured is `testsExitCode`. */
  tested: z.string().optional(),
  /** Of the project's own tests, measured by the runtime after the agent was done. Absent: no test command, or nothing to test. */
  testsExitCode: z.number().int().optional(),
  verdict: z.enum(verdicts).optional(),
  findings: z.array(ReviewFinding),
  /** One for each finding of the task. */
  answers: z.array(FindingAnswer),
  /** One for each finding of the review before. */
  revisited: z.array(Revisited),
  lessons: z.array(Lesson).max(MOST_LESSONS),
  /** Of a round; nobody else has them. */
  diagnosis: Diagnosis.optional(),
  proposals: z.array(Proposal).max(MOST_PROPOSALS).optional(),
  usage: Usage,
});
export type RunOutcome = z.infer<typeof RunOutcome>;
