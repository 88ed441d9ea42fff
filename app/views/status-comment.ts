import type { Rendering } from "../domain/commands.ts";
import { cut, fenced, inMarkdown } from "../domain/escape.ts";
import type { Environment } from "../domain/events.ts";
import type { Issue } from "../domain/issue.ts";
import type { Release } from "../domain/issue-parts.ts";
import { environments } from "../domain/release-checks.ts";
import { stateOf } from "../domain/state.ts";
import { gatesReport } from "./gates-report.ts";
import type { Picture } from "./picture.ts";

/** GitHub refuses more than 65,536 characters; people stop reading much earlier. */
const MOST = 60_000;
const AGENT_WORDS = 2_000;

/** Found again by this marker, and only in a comment that our own App wrote. */
export const marker = (stream: string): string => `<!-- rig:status ${stream} -->`;

const done = (when: Date | undefined): string => (when ? `- [x] ${when.toISOString().slice(0, 16).replace("T", " ")} UTC ·` : "- [ ]");

function checklist(issue: Issue, picture: Picture): string {
  const head = issue.pullRequest?.headSha;
  const first = issue.runs[0];
  return [
    `${done(issue.approval?.at)} approved by ${inMarkdown(issue.approval?.approvedBy ?? "nobody yet")}`,
    `${done(first?.startedAt)} work started`,
    `${done(issue.pullRequest?.since)} pull request${issue.pullRequest ? ` #${issue.pullRequest.number}` : ""}`,
    `- [${issue.merged || (issue.ci?.passed && issue.ci.headSha === head) ? "x" : " "}] checks passed`,
    `- [${issue.merged || (issue.review?.result === "passed" && issue.review.headSha === head) ? "x" : " "}] review passed`,
    ...issue.gates.map(
      (gate) =>
        `- [${gate.state === "approved" ? "x" : " "}] ${inMarkdown(gate.name)} gate${gate.by ? `: ${gate.state} by ${inMarkdown(gate.by)}` : ""}`,
    ),
    `${done(issue.merged?.at)} merged`,
    ...environments(picture.policy).flatMap((environment) => released(environment, issue.release[environment])),
  ].join("\n");
}

const released = (environment: Environment, { deployedAt, waiting, healthyAt }: Release): readonly string[] => [
  `${done(deployedAt)} deployed to ${environment}${waiting ? `: waits in GitHub for ${inMarkdown(waiting.reviewers.join(", ") || "its reviewers")}` : ""}`,
  `${done(healthyAt)} ${environment === "staging" ? "healthy in staging" : "verified in production"}`,
];

function body(picture: Picture): string {
  const { subject, issue, policy, why, publicUrl } = picture;
  const head = issue.pullRequest?.headSha;
  const checks = !head
    ? "none yet"
    : issue.ci?.headSha !== head
      ? "running"
      : issue.ci.passed
        ? "passed"
        : `failed: ${issue.ci.failedChecks.map(({ name }) => inMarkdown(name)).join(", ")}`;
  const branch = (issue.assignment ?? issue.setAside)?.branch ?? issue.pullRequest?.branch;
  const words = issue.runs.findLast(({ finished }) => finished?.summary)?.finished?.summary;
  const sections = [
    marker(subject.stream),
    `**${stateOf(issue).replace("_", " ")}** — ${inMarkdown(why)}`,
    [
      "| Agent | Attempt | Branch | Pull request | Checks | Budget |",
      "| --- | --- | --- | --- | --- | --- |",
      `| ${issue.assignment?.agentId ?? "none"} | ${issue.attempts} | ${branch ? `\`${branch}\`` : "none"} | ${issue.pullRequest ? `#${issue.pullRequest.number}` : "none"} | ${checks} | $${issue.usd.toFixed(2)} of $${issue.budget?.usd ?? policy.limits.usdPerIssue} |`,
    ].join("\n"),
    ...openQuestion(issue),
    checklist(issue, picture),
    ...(words
      ? [
          `<details><summary>What the agent says of its work (not checked by anyone)</summary>\n\n${fenced(cut(words, AGENT_WORDS))}\n\n</details>`,
        ]
      : []),
    footer(subject, publicUrl),
  ];
  return cut(sections.join("\n\n"), MOST);
}

/** The whole of what is asked; the first line says how it is answered. */
const openQuestion = ({ waiting }: Issue): readonly string[] =>
  waiting?.for === "answer" ? [`The question that it waits with:\n\n${fenced(waiting.reason)}`] : [];

export const issueComment = (picture: Picture): Rendering | undefined =>
  picture.issue.watched || (stateOf(picture.issue) === "new" && picture.issue.runs.length === 0)
    ? undefined
    : { surface: "issue-comment", number: picture.subject.number, body: body(picture) };

export function prComment(picture: Picture): Rendering | undefined {
  const { pullRequest, watched } = picture.issue;
  if (!pullRequest) return undefined;
  const text = watched ? watchedBody(picture) : body(picture);
  return text === undefined ? undefined : { surface: "pr-comment", number: pullRequest.number, body: text };
}

/** Of a person's pull request it is told that people are needed and what Review-E found, and nothing where nobody was and nobody asked. */
function watchedBody({ subject, issue, seen, why, publicUrl, evaluation }: Picture): string | undefined {
  const gated = issue.gates.length > 0 || Object.keys(issue.voided).length > 0;
  const asked = issue.review !== undefined || seen.pullRequest?.reviewLabel?.verdict === "admitted";
  if (!gated && !asked) return undefined;
  return cut(
    [
      marker(subject.stream),
      `**${stateOf(issue).replace("_", " ")}** — ${inMarkdown(why)}`,
      ...(gated ? [...(evaluation ? [gatesReport(evaluation).summary] : []), gatesHelp] : []),
      footer(subject, publicUrl),
    ].join("\n\n"),
    MOST,
  );
}

const gatesHelp =
  "An owner opens a gate with an approving review of the present head, or with `/rig approve <sha>`; `/rig explain <gate>` says why it is asked.";

const footer = ({ owner, repo, number }: Picture["subject"], publicUrl: string): string =>
  `<sub>[Timeline](${publicUrl}/issues/${owner}/${repo}/${number}) · edited in place by the Engineering Rig</sub>`;
