/** The issue that a proposal becomes. What stands there is what a person approves, and what the agent is then told (R3). */
import type { CommandData } from "../domain/commands.ts";
import type { Proposal } from "../domain/events.ts";
import { PROPOSAL_LABEL } from "../domain/proposals.ts";
import { strangersBlock, strangersTitle } from "../domain/strangers-text.ts";

export interface ProposedIn {
  readonly runId: string;
  readonly fingerprint: string;
  readonly owner: string;
  readonly repo: string;
  /** The label by which a person hands an issue over. */
  readonly trigger: string;
}

const MOST_NAMED = 20;

/** The proposal's own words stand in fences: nothing there formats, mentions, links, closes or waits for anything (R21). */
export function proposalIssue(
  { kind, title, what, rationale, evidence, complexity }: Proposal,
  { runId, fingerprint, owner, repo, trigger }: ProposedIn,
): CommandData<"FILE_ISSUE"> {
  const named = namedIn(evidence.join("\n"), owner, repo);
  const body = [
    `Architect-E proposes this. Nobody works on it until a person decides: put the label \`${trigger}\` on it to have it done as it stands here, or close it to reject it.`,
    "## What is to be done",
    strangersBlock(what, 6_000),
    "## Why",
    strangersBlock(rationale, 2_000),
    "## What shows it",
    strangersBlock(evidence.map((line) => `- ${line.replace(/\s+/g, " ")}`).join("\n"), 3_500),
    ...(named.length > 0 ? [`Named there: ${named.join(", ")}.`] : []),
    `Kind: ${kind}. Complexity: ${complexity}. Proposed in the run ${runId}.`,
  ].join("\n\n");
  return {
    title: strangersTitle(title, 120) || "A proposal",
    body,
    labels: [PROPOSAL_LABEL],
    marker: `<!-- rig:proposal ${runId} ${fingerprint} -->`,
  };
}

/** Links to what evidence names of this repository, and of no other: issues, pull requests and files. */
function namedIn(text: string, owner: string, repo: string): readonly string[] {
  const issues = [...text.matchAll(/(?:^|[\s(,;])([\w.-]+\/[\w.-]+)?#(\d{1,9})\b/g)]
    .filter(([, place]) => place === undefined || place.toLowerCase() === `${owner}/${repo}`.toLowerCase())
    .map(([, , number]) => `#${number}`);
  const byUrl = [...text.matchAll(/\/([\w.-]+\/[\w.-]+)\/(?:issues|pull)\/(\d{1,9})\b/g)]
    .filter(([, place]) => place?.toLowerCase() === `${owner}/${repo}`.toLowerCase())
    .map(([, , number]) => `#${number}`);
  const files = [...text.matchAll(/(?:^|[\s(,;`])((?:[\w-][\w.-]*\/)+[\w-][\w.-]*\.\w{1,8})(?::(\d{1,6}))?(?=$|[\s),;:`])/gm)].map(
    ([, path, line]) => `[${path}](../blob/HEAD/${path}${line ? `#L${line}` : ""})`,
  );
  return [...new Set([...issues, ...byUrl, ...files])].slice(0, MOST_NAMED);
}
