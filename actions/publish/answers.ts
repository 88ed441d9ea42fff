/** What a run answers to findings: each in the thread it belongs to, what has no thread in one comment; said once, however often it is tried. */
import { fence } from "../../agents/runtime/fence.ts";
import type { RunOutcome } from "../../agents/runtime/outcome.ts";
import type { PublishGrant } from "../../agents/runtime/task.ts";
import type { GitHub } from "./github.ts";
import { GuardError } from "./guard-error.ts";
import { answerMarker, unmarked } from "./marker.ts";
import { commentOnce, replyOnce, type Thread } from "./replies.ts";

type Answer = RunOutcome["answers"][number];

const MOST_ANSWERS = 50;
const MOST_WORDS = 2_000;

export async function postAnswers(github: GitHub, grant: PublishGrant, { runId, answers }: RunOutcome, number: number): Promise<void> {
  const { owner, name: repo } = grant.repository;
  const thread: Thread = { owner, repo, pull_number: number, userId: grant.identity.userId };
  const elsewhere: Answer[] = [];
  for (const answer of answers) {
    const [, commentId] = /^c(\d{1,15})$/.exec(answer.finding) ?? [];
    const marker = answerMarker(runId, answer.finding);
    const replied = commentId !== undefined && (await replyOnce(github, thread, Number(commentId), marker, worded(answer)));
    if (!replied) elsewhere.push(answer);
  }
  if (elsewhere.length > 0) await commentOnce(github, thread, answerMarker(runId, "answers"), listed(elsewhere));
}

/** The artifact is a stranger's: it answers what the run was asked, and nothing else. */
export function requireAsked({ answers }: RunOutcome, { findings = [] }: PublishGrant): void {
  const foreign = answers.find(({ finding }) => !findings.includes(finding));
  if (foreign)
    throw new GuardError(
      "answers",
      `The run answers the finding ${JSON.stringify(foreign.finding.slice(0, 40))}, which it was not asked about.`,
    );
  if (answers.length > MOST_ANSWERS)
    throw new GuardError("answers", `The run gives ${answers.length} answers; the limit is ${MOST_ANSWERS}.`);
}

const did = { changed: "**Changed.**", disputed: "**Disputed**: the code is left as it is." } as const;

const worded = (answer: Answer): string =>
  `${did[answer.did]} In the agent's own words:\n\n${fence(unmarked(answer.why.slice(0, MOST_WORDS)))}`;

const listed = (answers: readonly Answer[]): string =>
  answers
    .map(
      (answer) =>
        `${answer.finding.startsWith("r") ? "To the review as a whole" : "To what was said on the pull request"}: ${worded(answer)}`,
    )
    .join("\n\n")
    .slice(0, 60_000);
