/** What had to be done again, and what nobody could go on with. */
import { cut, inMarkdown } from "../../domain/escape.ts";
import { refs, tally } from "../numbers.ts";
import { type Facts, type Section, within } from "./section.ts";

const MOST = 8;

type Named = { readonly issue: number; readonly name: string };

/** `- name: 3 (#1, #4)`, the most frequent first. */
const often = (items: readonly Named[], most = MOST): readonly string[] =>
  tally(items, ({ name }) => name)
    .slice(0, most)
    .map(([name, of]) => `- ${inMarkdown(cut(name, 200))}: ${of.length} (${refs(of.map(({ issue }) => issue))})`);

const under = (title: string, lines: readonly string[]): readonly string[] => (lines.length > 0 ? [`${title}:`, ...lines] : []);

export const rework: Section = {
  title: "Rework",
  lines: (facts) => {
    const reviews = within(facts, "REVIEW_CHANGES_REQUESTED");
    const checks = within(facts, "CI_FAILED");
    const smoke = within(facts, "SMOKE_FAILED", "DEPLOY_FAILED");
    const all = [...reviews, ...checks, ...smoke];
    const failed = checks.flatMap(({ issue, data }) =>
      data.failedChecks.filter(({ preExisting }) => !preExisting).map(({ name }) => ({ issue, name })),
    );
    const paths = reviews.flatMap(({ issue, data }) => data.findings.flatMap(({ path }) => (path ? [{ issue, name: path }] : [])));
    if (all.length === 0) return [];
    const perIssue = tally(all, ({ issue }) => String(issue)).slice(0, MOST);
    return [
      `- Reviews that wanted changes: ${reviews.length}${from(reviews)}`,
      `- Heads whose checks failed: ${checks.length}${from(checks)}`,
      `- Releases whose deployment or smoke checks failed: ${smoke.length}${from(smoke)}`,
      `- Most often: ${perIssue.map(([issue, of]) => `#${issue} (${of.length})`).join(", ")}`,
      ...under("Checks that failed", often(failed)),
      ...under("Files that reviews found something in", often(paths)),
      ...under("Production and staging checks that failed", often(smokeChecks(facts))),
    ];
  },
};

const from = (events: readonly { readonly issue: number }[]): string =>
  events.length > 0 ? ` (${refs(events.map(({ issue }) => issue))})` : "";

const smokeChecks = (facts: Facts): readonly Named[] =>
  within(facts, "SMOKE_FAILED").flatMap(({ issue, data }) =>
    data.failed.map(({ name, url }) => ({ issue, name: `${name ?? url} (${data.cause})` })),
  );

export const strikes: Section = {
  title: "Agents that had to stop",
  lines: (facts) => {
    const lost = within(facts, "ISSUE_UNASSIGNED").map(({ issue, data }) => ({ issue, name: `${data.cause}: ${firstLine(data.reason)}` }));
    const stuck = within(facts, "AGENT_STUCK").map(({ issue, data }) => ({ issue, name: `${data.cause}: ${firstLine(data.reason)}` }));
    const asked = within(facts, "QUESTION_ASKED");
    return [
      ...under("The issue was taken from its agent (only the cause `agent` is a strike)", often(lost)),
      ...under("Stuck", often(stuck)),
      ...(asked.length > 0 ? [`- Questions to people: ${asked.length} (${refs(asked.map(({ issue }) => issue))})`] : []),
    ];
  },
};

export const escalations: Section = {
  title: "What people were asked to take over",
  lines: (facts) =>
    often(
      within(facts, "ESCALATED").map(({ issue, data }) => ({ issue, name: `${data.about}: ${firstLine(data.reason)}` })),
      12,
    ),
};

export const guards: Section = {
  title: "What the rules stopped",
  lines: (facts) => often(within(facts, "GUARD_BLOCKED").map(({ issue, data }) => ({ issue, name: data.rule }))),
};

const firstLine = (text: string): string => cut(text.split("\n")[0] ?? "", 160);
