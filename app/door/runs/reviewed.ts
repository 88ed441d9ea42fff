/** What a reviewer is told beside the frozen text and the change: results and its own earlier words, nothing of the author's. */
import type { Task } from "../../../agents/runtime/task.ts";
import type { EventData } from "../../domain/events.ts";
import type { Issue } from "../../domain/issue.ts";

type Told = Pick<Task, "checks" | "lessons" | "answers" | "reviewed" | "abstained">;

/** What people decided belongs to what is to be done; the question that they answered is in the author's words. */
const QUESTION = "A question about this issue.";

/** Empty for whoever does not review. */
export function forReviewer(issue: Issue, { kind, baseSha }: EventData<"RUN_REQUESTED">): Told | Record<string, never> {
  if (kind !== "review") return {};
  const { ci, reviewed, review, asked } = issue;
  const names = ci?.headSha === baseSha ? (ci.names ?? []) : [];
  const abstained = review?.headSha === baseSha ? review.abstentions?.at(-1) : undefined;
  return {
    checks: names.map((name) => ({ name, conclusion: "concluded well" })),
    lessons: [],
    answers: asked.flatMap(({ answer }) => (answer ? [{ question: QUESTION, ...answer }] : [])),
    ...(reviewed ? { reviewed: { headSha: reviewed.headSha, findings: reviewed.findings.map((one) => marked(one, issue)) } } : {}),
    ...(abstained === undefined ? {} : { abstained }),
  };
}

/** That its author objects is told, and why is not: a reviewer judges the change, not the argument. */
function marked(finding: NonNullable<Issue["reviewed"]>["findings"][number], { disputes }: Issue) {
  const { disputed: _, ...plain } = finding;
  return disputes.some(({ id, upheld }) => id === finding.id && !upheld) ? { ...plain, disputed: true } : plain;
}
