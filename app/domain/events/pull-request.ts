import { z } from "zod";
import { AgentId, PrNumber, RunId, Sha } from "../ids.ts";
import { Check, Count, Finding, Login, onHead, Requirement, Text } from "./words.ts";

/** When the first of its commits was made, as that commit itself says. */
const firstCommitAt = z.iso.datetime().optional();

/** The pull request up to its merge. */
export const pullRequestEvents = {
  BRANCH_CREATED: z.object({ agentId: AgentId, branch: z.string(), baseSha: Sha }).describe("The publish job pushed the branch."),
  PR_CREATED: z
    .object({ prNumber: PrNumber, prUrl: z.string(), branch: z.string(), headSha: Sha, treeSha: Sha.optional(), firstCommitAt })
    .describe("The pull request of the issue's branch exists. `treeSha` is what the head contains."),
  PR_WATCHED: z
    .object({
      prNumber: PrNumber,
      prUrl: z.string(),
      branch: z.string(),
      base: z.string(),
      headSha: Sha,
      title: Text,
      by: Login,
      firstCommitAt,
    })
    .describe(
      "A person's pull request is open: the Rig holds its gates, has it read where people want that, sees it come to production, and does nothing else with it.",
    ),
  PR_UPDATED: z
    .object({ ...onHead, previousSha: Sha, treeSha: Sha.optional(), pushedBy: Login.optional() })
    .describe(
      "The head moved: CI, review and gate approvals of the old head no longer count. `pushedBy` is the person who moved it, where it was one.",
    ),
  PR_CLOSED: z.object({ prNumber: PrNumber, by: Login }).describe("The pull request was closed unmerged."),
  CI_PASSED: z.object({ ...onHead, checks: z.array(z.string()) }).describe("Every required check of this head concluded well."),
  CI_FAILED: z
    .object({ ...onHead, failedChecks: z.array(Check), preExisting: z.array(z.string()) })
    .describe("Every required check of this head concluded, and not all well."),
  REVIEW_REQUESTED: z
    .object({ ...onHead, iteration: z.number().int().positive() })
    .describe("The head is ready for Review-E, or a person wants it read again."),
  REVIEW_PASSED: z.object({ ...onHead, reviewer: Login, reviewId: z.number().int() }).describe("Review-E approved that head."),
  REVIEW_CHANGES_REQUESTED: z
    .object({
      ...{ ...onHead, iteration: z.number().int().positive(), reviewer: Login, reviewId: z.number().int() },
      findings: z.array(Finding),
      /** Its reviewer is a person. */
      byPerson: z.literal(true).optional(),
    })
    .describe("Review-E, or a person, wants changes to that head."),
  REVIEW_ABSTAINED: z
    .object({ ...onHead, reviewer: Login, reviewId: z.number().int(), why: Text })
    .describe("Review-E cannot judge that head, and says why: another instance is asked once."),
  REVIEW_DISPUTED: z
    .object({
      ...{ ...onHead, iteration: Count.optional(), by: Login, why: Text, runId: RunId },
      findings: z.array(z.object({ id: z.string(), why: z.string().max(2000) })),
    })
    .describe("The author objects to findings instead of changing; the reviewer looks once more, then a person decides."),
  REVIEW_OVERRULED: z
    .object({ ...onHead, by: Login, why: Text })
    .describe("A person ends the dispute for the author: the review of this head, and of no other, counts as passed."),
  REVIEW_UPHELD: z
    .object({ ...onHead, by: Login, findings: z.array(z.string()) })
    .describe("A person ends the dispute for the reviewer: these findings are to be answered with a change."),
  REVIEW_SPOKEN: z
    .object({
      ...onHead,
      verdict: z.enum(["approved", "rejected", "changes"]),
      by: Login,
      byId: z.number().int(),
      /** Of the comment; of a pressed button, of the check run it stands on. */
      commentId: z.number().int(),
      gates: z.array(z.string()),
      reason: Text,
    })
    .describe(
      "A person said `/rig approve`, `/rig reject` or `/rig change` about this head. It counts as their review of it would, for these gates only where any are named; `changes` asks for something and neither opens nor shuts a gate.",
    ),
  MERGE_REQUESTED: z
    .object({ ...onHead, verdict: z.array(Requirement) })
    .describe("Every requirement holds for this head, so the Conductor merges it."),
  MERGE_BLOCKED: z
    .object({ ...onHead, reasons: z.array(z.string()) })
    .describe("What stands between this head and the merge; said once per change of reasons."),
  MERGED: z.object({ ...onHead, mergeSha: Sha, mergedBy: Login }).describe("GitHub shows the pull request as merged."),
} as const;
