import type { CheckRun, Rendering } from "../domain/commands.ts";
import { escalationText } from "../domain/escalation-text.ts";
import { cut } from "../domain/escape.ts";
import type { Sha } from "../domain/ids.ts";
import { gatesReport } from "./gates-report.ts";
import type { Picture } from "./picture.ts";

export const GATES_CHECK = "rig/gates";
const MOST_TITLE = 250;

/** Each press is judged as the same words in a comment are. */
export const gateButtons = [
  { label: "Approve gates", description: "As an approving review of this head", identifier: "approve" },
  { label: "Re-evaluate", description: "Judge the gates anew", identifier: "recheck" },
  { label: "Hold", description: "Leave it alone until /rig resume", identifier: "hold" },
] as const;

/** `rig/gates` on the head of every pull request. */
export const gatesCheck = (picture: Picture): Rendering | undefined => {
  const check = checkOn(picture, picture.issue.pullRequest?.headSha);
  return check && { surface: "gates-check", check: { ...check, actions: [...gateButtons] } };
};

/** The same on the commit that GitHub's merge queue tries out. */
export const mergeGroupCheck = (picture: Picture): Rendering | undefined => {
  const check = checkOn(picture, picture.seen.pullRequest?.mergeGroup?.headSha);
  return check && { surface: "merge-group-check", check };
};

function checkOn({ issue, seen, evaluation, why }: Picture, headSha: Sha | undefined): CheckRun | undefined {
  const head = issue.pullRequest?.headSha;
  const pr = seen.pullRequest;
  // A check belongs to a commit: of two pull requests of one head, the one into the default branch speaks for it.
  if (pr && pr.siblings.length > 0 && pr.base.name !== seen.defaultBranch.name) return undefined;
  if (!head || !headSha || issue.merged || !evaluation || pr?.headSha !== head || pr.state !== "open") return undefined;
  const { annotations, ...report } = gatesReport(evaluation, issue.escalation || issue.watched ? {} : { why });
  // What is escalated is said before all else, in the words that the issue and Discord have.
  const title = issue.escalation ? `${escalationText(issue.escalation)} ${report.title}` : report.title;
  const held = issue.held && report.conclusion === "success" ? issue.held : undefined;
  return {
    ...{ ...report, name: GATES_CHECK, headSha, status: "completed" },
    ...(held ? { conclusion: "action_required" as const } : {}),
    title: cut(held ? `On hold: ${held.reason}` : title, MOST_TITLE),
    ...(headSha === head && annotations.length > 0 ? { annotations: [...annotations] } : {}),
  };
}
