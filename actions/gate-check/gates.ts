/** From a pull request to its check: opened before anything is read, concluded when the same head was judged (R12c). */
import { inMarkdown } from "../../app/domain/escape.ts";
import type { Evaluation } from "../../app/gates/evaluate.ts";
import type { PullRequestData } from "../../app/observe/gate-facts.ts";
import { createMemory } from "../../app/observe/memory.ts";
import { type GatesReport, gatesReport } from "../../app/views/gates-report.ts";
import type { Asked } from "./asked.ts";
import { concludeCheck, type Desk, openCheck } from "./check.ts";
import { judge } from "./judge.ts";

export interface Outcome extends GatesReport {
  readonly number: number;
  readonly headSha: string;
}

/** A head that moves while it is read is read again, so often. */
const TRIES = 3;

/** Undefined: the pull request is closed. Throws what kept it from being judged; its check is then no success. */
export async function checkGates(desk: Desk, { number, group }: Asked, readsTeams: boolean): Promise<Outcome | undefined> {
  for (let left = TRIES; left > 0; left--) {
    const pr = await read(desk, number);
    if (pr.state !== "open") return undefined;
    const check = await openCheck(desk, group ?? pr.head.sha);
    try {
      const report = withTeams(judgedTo(await judge({ ...desk, memory: createMemory() }, pr)), readsTeams);
      const moved = place(await read(desk, number)) !== place(pr);
      await concludeCheck(desk, check, moved ? overtaken(number) : report.shown);
      if (!moved) return { ...report.shown, number, headSha: pr.head.sha };
    } catch (error) {
      // What kept it from being judged may keep this from being written too: then the check stays as it was opened.
      await concludeCheck(desk, check, unjudged).catch(() => undefined);
      throw error;
    }
  }
  throw new Error(`#${number} changed ${TRIES} times while its gates were judged. Run this again, or say \`/rig recheck\` there.`);
}

const read = async ({ octokit, owner, repo }: Desk, pull_number: number): Promise<PullRequestData> =>
  (await octokit.rest.pulls.get({ owner, repo, pull_number })).data;

/** What a judgement is about: files of another head must never be taken for those of this one. */
const place = ({ head, base, state }: PullRequestData): string => [head.sha, base.ref, base.sha, state].join(" ");

const judgedTo = (evaluation: Evaluation) => ({ evaluation, shown: gatesReport(evaluation) });

/** Says why a team cannot open a gate here, where one could. */
function withTeams({ evaluation, shown }: ReturnType<typeof judgedTo>, readsTeams: boolean): ReturnType<typeof judgedTo> {
  const teams = evaluation.raised.flatMap(({ approvers }) => approvers.filter((owner) => owner.includes("/")));
  if (readsTeams || teams.length === 0) return { evaluation, shown };
  const named = [...new Set(teams)].map(inMarkdown).join(", ");
  const note = `This workflow's token cannot read who belongs to ${named}: their members open no gate here. Give the workflow a \`team-token\`, or name people in CODEOWNERS.`;
  return { evaluation, shown: { ...shown, summary: `${shown.summary}\n\n${note}` } };
}

const overtaken = (number: number) =>
  ({ conclusion: "failure", title: `#${number} changed while it was judged.`, summary: "It is judged anew." }) as const;

const unjudged = {
  conclusion: "failure",
  title: "The gates could not be judged.",
  summary: "The job's log says why. Run it again, or say `/rig recheck` on the pull request.",
} as const;
