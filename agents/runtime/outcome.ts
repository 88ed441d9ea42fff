/** How a run ended, as the work job hands it on. The publish job takes only words from it: what it may do stands in its grant. */
import { z } from "zod";

/** How a run may end. */
export const outcomes = ["patch", "review", "question", "blocked", "stuck", "limit_reached", "nothing_to_do", "failed"] as const;
export type Outcome = (typeof outcomes)[number];

/** What a reviewer found. `line` is in the file as the change leaves it. */
export const ReviewFinding = z.strictObject({
  path: z.string(),
  line: z.number().int().positive().optional(),
  text: z.string(),
  severity: z.enum(["blocking", "important", "minor"]),
});
export type ReviewFinding = z.infer<typeof ReviewFinding>;

export const verdicts = ["approve", "request_changes"] as const;
export type Verdict = (typeof verdicts)[number];

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
  summary: z.string(),
  /** Of the project's own tests, measured by the runtime after the agent was done. Absent: no test command, or nothing to test. */
  testsExitCode: z.number().int().optional(),
  verdict: z.enum(verdicts).optional(),
  findings: z.array(ReviewFinding),
  usage: Usage,
});
export type RunOutcome = z.infer<typeof RunOutcome>;
