import { disputedIn } from "../domain/disputes.ts";
import type { Finding } from "../domain/events.ts";
import type { Issue } from "../domain/issue.ts";
import { type Conclusion, nothing, type Rule, say } from "./rule.ts";

const MOST_WORDS = 400;
const MOST_ABSTENTIONS = 2;

/** After one exchange a finding that its author objects to is a person's, and so is a head that two reviewers cannot judge. */
export const dispute: Rule = ({ issue }) => {
  const { review, pullRequest } = issue;
  if (!review || review.headSha !== pullRequest?.headSha || issue.waiting) return nothing;
  if (review.result === "requested" && (review.abstentions?.length ?? 0) >= MOST_ABSTENTIONS) {
    const reason = `Review-E abstained ${MOST_ABSTENTIONS} times on #${pullRequest.number}. It says: ${words(review.abstentions?.at(-1) ?? "")}`;
    return escalate(issue, reason, ["retry", "overrule", "close"]);
  }
  const open = disputedIn(issue);
  if (open.length === 0) return nothing;
  const who = review.byPerson ? review.reviewer : "Review-E";
  const reason = `${who} and ${issue.disputes.at(-1)?.by} disagree about #${pullRequest.number}. ${open.map((one) => bothSides(one, issue)).join(" ")}`;
  return escalate(issue, reason, ["overrule", "uphold", "close"]);
};

function bothSides({ id, by, path, line, text }: Finding, { disputes }: Issue): string {
  const place = path === undefined ? "" : ` on ${path}${line === undefined ? "" : `:${line}`}`;
  const against = disputes.find((one) => one.id === id);
  return `Finding ${id}${place} by ${by}: ${words(text)} Against it ${against?.by ?? "the author"} says: ${words(against?.why ?? "nothing")}`;
}

/** Somebody's words inside a sentence: without fences and marks, and no longer than a person reads there. */
function words(text: string): string {
  const plain = text
    .replace(/^\*\*(\w+)\*\*/, "$1:")
    .replace(/<!--.*?-->|`{3,}(text)?|\*\*/gs, " ")
    .replace(/\s+/g, " ")
    .trim();
  const short = plain.length > MOST_WORDS ? `${plain.slice(0, MOST_WORDS - 1).toWellFormed()}…` : plain;
  return `"${short.replaceAll('"', "'")}".`;
}

const escalate = ({ attempts }: Issue, reason: string, options: string[]): Conclusion =>
  say({ type: "ESCALATED", data: { level: "cto", about: "review", reason, attempts, options } });
