/** The words that several events share. */
import { z } from "zod";
import { PrNumber, Sha } from "../ids.ts";

export const Priority = z.enum(["critical", "high", "normal"]);
/** What decides whether an unassignment counts as a strike: only `agent` does. */
export const Cause = z.enum(["agent", "infra", "human", "superseded", "preempted"]);
export const Environment = z.enum(["staging", "production"]);
export const RunKind = z.enum(["implement", "fix-ci", "answer-review", "rebase", "fix-smoke", "review", "diagnose", "propose"]);
export const Outcome = z.enum(["patch", "review", "question", "blocked", "stuck", "limit_reached", "nothing_to_do", "failed", "report"]);
export const WaitingFor = z.enum(["dependency", "answer", "plan", "capability", "budget", "approval"]);
/** What an escalation is about; all but `gate` stop the issue until a person decides. */
export const EscalationAbout = z.enum(["strikes", "gate", "bound", "effect", "smoke", "runner", "review"]);
/** `cto`: the people of `RIG_CTO`. `everyone`: whoever the repository names, because none of them answered. */
export const EscalationLevel = z.enum(["cto", "everyone"]);
/** What a person may decide about an escalation. */
export const Decision = z.enum(["retry", "reassign", "close", "override", "overrule", "uphold"]);
/** Whose money or patience it is: `run` of an agent, `issue`, or `day` of a repository (UTC). */
export const BudgetScope = z.enum(["run", "issue", "day"]);
export const BudgetUnit = z.enum(["usd", "tokens"]);

export const Login = z.string().min(1);
export const Text = z.string();
export const Count = z.number().int().nonnegative();
export const Usd = z.number().nonnegative();
/** `preExisting`: the head of the base branch fails it too. */
export const Check = z.object({ name: z.string(), url: z.string(), summary: z.string(), preExisting: z.boolean().optional() });
export const Finding = z.object({
  /** `c<number>`: a review comment of GitHub. `r<number>`: what a review says as a whole. `i<number>`: a comment on the pull request. */
  id: z.string().optional(),
  by: z.string(),
  path: z.string().optional(),
  line: z.number().int().positive().optional(),
  text: z.string(),
  disputed: z.boolean().optional(),
  upheld: z.boolean().optional(),
});
/** `name` is absent where the check has none but its address; `dependency` names what outside of the code it shows. */
export const Probe = z.object({
  url: z.string(),
  ok: z.boolean(),
  detail: z.string(),
  name: z.string().optional(),
  dependency: z.string().optional(),
});
export const Severity = z.enum(["critical", "warning", "info"]);
/** A deployment that may be at fault, and whose change it brought. */
export const Suspect = z.object({
  sha: Sha,
  deployedAt: z.iso.datetime(),
  issue: z.number().int().positive().optional(),
  prNumber: z.number().int().positive().optional(),
});
/** What Monitor-E thinks of an incident. */
export const Diagnosis = z.object({
  cause: z.string().max(2_000),
  confidence: z.enum(["high", "medium", "low"]),
  evidence: z.array(z.string().max(500)).max(10),
  suspect: Sha.optional(),
  next: z.string().max(1_000),
});
/** Work that Architect-E proposes. */
export const Proposal = z.object({
  kind: z.enum(["feature", "fix", "debt", "test", "docs", "operations"]),
  title: z.string().min(1).max(120),
  what: z.string().min(1).max(6_000),
  rationale: z.string().min(1).max(2_000),
  evidence: z.array(z.string().max(300)).min(1).max(10),
  complexity: z.enum(["small", "medium", "large"]),
});
export const Requirement = z.object({ name: z.string(), ok: z.boolean(), because: z.string() });
/** Something about the repository that the next run should know, and what showed it. */
export const Lesson = z.object({
  kind: z.enum(["command", "convention", "pitfall", "map"]),
  text: z.string().max(300),
  evidence: z.string().max(200),
});
export const onHead = { prNumber: PrNumber, headSha: Sha };
export const live = { environment: Environment, sha: Sha };
