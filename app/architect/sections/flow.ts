/** How long things take: from the approval to production, and what they wait for on the way. */
import { inMarkdown } from "../../domain/escape.ts";
import { median, minutesBetween, quantile, refs, span, tally } from "../numbers.ts";
import { ever, type Facts, type Section, within } from "./section.ts";

interface Took {
  readonly issue: number;
  readonly minutes: number;
}

/** What each issue took from its first approval to an event within the time. */
function sinceApproval(facts: Facts, ends: readonly { readonly issue: number; readonly at: Date }[]): readonly Took[] {
  const approved = new Map(
    ever(facts, "ISSUE_APPROVED")
      .toReversed()
      .map(({ issue, at }) => [issue, at]),
  );
  return [...new Map(ends.toReversed().map((end) => [end.issue, end.at]))].flatMap(([issue, at]) => {
    const from = approved.get(issue);
    return from ? [{ issue, minutes: minutesBetween(from, at) }] : [];
  });
}

const inShort = (took: readonly Took[]): string => {
  const minutes = took.map((one) => one.minutes);
  return `median ${span(median(minutes))}, nine of ten within ${span(quantile(minutes, 0.9))} (${took.length}: ${refs(took.map(({ issue }) => issue))})`;
};

const slowest = (took: readonly Took[]): string =>
  took
    .toSorted((a, b) => b.minutes - a.minutes || a.issue - b.issue)
    .slice(0, 3)
    .map(({ issue, minutes }) => `#${issue} ${span(minutes)}`)
    .join(", ");

/** Verified in production; where nothing is deployed, done. */
export const verifiedIn = (facts: Facts): readonly { readonly issue: number; readonly at: Date }[] => {
  const verified = within(facts, "VERIFIED").filter(({ data }) => data.environment === "production");
  const seen = new Set(verified.map(({ issue }) => issue));
  return [...verified, ...within(facts, "ISSUE_DONE").filter(({ issue }) => !seen.has(issue))];
};

export const leadTimes: Section = {
  title: "Lead times, from the approval to production",
  lines: (facts) => {
    const took = sinceApproval(facts, verifiedIn(facts));
    return took.length === 0 ? [] : [`- ${inShort(took)}`, `- The slowest: ${slowest(took)}`];
  },
};

export const queueWaits: Section = {
  title: "Waiting for an agent, from the approval to the first assignment",
  lines: (facts) => {
    const first = new Map(
      ever(facts, "ISSUE_ASSIGNED")
        .toReversed()
        .map((event) => [event.issue, event]),
    );
    const took = sinceApproval(
      facts,
      [...first.values()].filter(({ at }) => at >= facts.since && at <= facts.now),
    );
    return took.length === 0 ? [] : [`- ${inShort(took)}`, `- The longest: ${slowest(took)}`];
  },
};

export const gateWaits: Section = {
  title: "Waiting for people at gates",
  lines: (facts) => {
    const asked = ever(facts, "HUMAN_GATE_TRIGGERED");
    const waits = within(facts, "HUMAN_GATE_APPROVED", "HUMAN_GATE_REJECTED").map(({ issue, at, data }) => {
      const from = asked.findLast((one) => one.issue === issue && one.data.gate === data.gate && one.at <= at)?.at ?? at;
      return { issue, gate: data.gate, rejected: "reason" in data, minutes: data.waitedMinutes ?? minutesBetween(from, at) };
    });
    return tally(waits, ({ gate }) => gate).map(([gate, of]) => {
      const rejected = of.filter((one) => one.rejected);
      return `- ${inMarkdown(gate)}: ${inShort(of)}; the longest: ${slowest(of)}${rejected.length > 0 ? `; rejected: ${refs(rejected.map(({ issue }) => issue))}` : ""}`;
    });
  },
};
