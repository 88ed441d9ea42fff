/** What production showed, and what it all cost. */
import { cut, inMarkdown } from "../../domain/escape.ts";
import { median, quantile, refs, span, sum, tally, usd } from "../numbers.ts";
import { verifiedIn } from "./flow.ts";
import type { Section } from "./section.ts";

const MOST = 8;

export const incidents: Section = {
  title: "Incidents",
  lines: ({ incidents: events }) => {
    const detected = events.flatMap((event) => (event.type === "INCIDENT_DETECTED" ? [event.data] : []));
    const minutes = events.flatMap((event) => (event.type === "INCIDENT_RESOLVED" ? [event.data.durationMinutes] : []));
    if (detected.length === 0) return [];
    const suspected = (of: readonly (typeof detected)[number][]) => {
      const issues = of.flatMap(({ suspects }) => suspects.flatMap(({ issue }) => (issue ? [issue] : [])));
      return issues.length > 0 ? `; deployed shortly before: ${refs(issues)}` : "";
    };
    return [
      `- ${detected.length} in all: ${tally(detected, ({ severity }) => severity)
        .map(([severity, of]) => `${of.length} ${severity}`)
        .join(", ")}`,
      ...(minutes.length > 0
        ? [`- Of the ${minutes.length} that are over: median ${span(median(minutes))}, nine of ten within ${span(quantile(minutes, 0.9))}`]
        : []),
      ...tally(detected, ({ service }) => service)
        .slice(0, MOST)
        .map(([service, of]) => `- Service ${inMarkdown(cut(service, 60))}: ${of.length}`),
      ...tally(detected, ({ fingerprint }) => fingerprint)
        .slice(0, MOST)
        .map(([fingerprint, of]) => `- ${fingerprint}: ${of.length}, ${inMarkdown(cut(of.at(-1)?.signal ?? "", 160))}${suspected(of)}`),
    ];
  },
};

export const cost: Section = {
  title: "Cost",
  lines: (facts) => {
    const { runs } = facts;
    const verified = [...new Set(verifiedIn(facts).map(({ issue }) => issue))];
    const all = sum(runs.map((run) => run.usd));
    if (runs.length === 0) return [];
    const perIssue = [
      ...Map.groupBy(
        runs.filter((run) => run.issue !== null),
        (run) => run.issue as number,
      ),
    ]
      .map(([issue, of]) => ({ issue, spent: sum(of.map((run) => run.usd)) }))
      .toSorted((a, b) => b.spent - a.spent || a.issue - b.issue);
    const perKind = tally(runs, ({ agent, kind }) => `${agent}, ${kind}`);
    return [
      `- ${usd(all)} for ${runs.length} runs; ${verified.length > 0 ? `${usd(all / verified.length)} for each verified change (${verified.length}: ${refs(verified)})` : "nothing was verified"}`,
      `- The most expensive: ${
        perIssue
          .slice(0, 5)
          .map(({ issue, spent }) => `#${issue} ${usd(spent)}`)
          .join(", ") || "no issue"
      }`,
      ...perKind.slice(0, MOST).map(([kind, of]) => `- ${inMarkdown(kind)}: ${of.length} runs, ${usd(sum(of.map((run) => run.usd)))}`),
    ];
  },
};
