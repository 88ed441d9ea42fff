/** What Architect-E is told: what the event store knows of the last month, and what users say. The same data give the same text. */
import type { Conductor } from "../conductor.ts";
import type { Policy } from "../domain/policy.ts";
import { repositoryOf } from "../domain/repository.ts";
import { observeOpenIssues } from "../observe/proposals.ts";
import type { Repository } from "../store/repositories.ts";
import { observeFeedback } from "./feedback.ts";
import { gateWaits, leadTimes, queueWaits } from "./sections/flow.ts";
import { feedback, lessons, openIssues, proposed } from "./sections/known.ts";
import { cost, incidents } from "./sections/production.ts";
import { escalations, guards, rework, strikes } from "./sections/rework.ts";
import { counted, type Facts, type Section } from "./sections/section.ts";

const DAYS = 30;
const DAY_MS = 24 * 3_600_000;
/** Of the whole text, as ROUND_REQUESTED takes it. */
const LONGEST = 60_000;

/** What is cut off first stands last. */
const sections: readonly Section[] = [
  ...[leadTimes, rework, incidents, escalations, strikes],
  ...[gateWaits, queueWaits, cost, guards],
  ...[proposed, openIssues, feedback, lessons],
];

/** Title and text of what a round of Architect-E is asked. */
export async function proposalBrief(
  { store, github, memory, now }: Pick<Conductor, "store" | "github" | "memory" | "now">,
  repository: Repository,
  policy: Policy,
): Promise<{ readonly title: string; readonly brief: string }> {
  const { id, owner, name: repo, installationId, stream } = repository;
  const reader = { octokit: await github.installation(installationId), owner, repo, memory };
  const at = now();
  const since = new Date(at.getTime() - DAYS * DAY_MS);
  const { lessons: learned, proposals } = repositoryOf(stream, await store.readStream(stream));
  const facts = {
    ...{ since, now: at, lessons: learned, proposals, most: policy.architect.maxProposals },
    events: await store.issueEvents(id, since, counted),
    incidents: await store.incidentEvents(id, since),
    runs: await store.runCosts(id, since),
    feedback: await observeFeedback(reader, policy.architect.feedback),
    openIssues: await observeOpenIssues(reader),
  };
  return { title: `Work to propose in ${owner}/${repo}`.slice(0, 200), brief: written(`${owner}/${repo}`, facts) };
}

/** The brief as Markdown. */
export function written(name: string, facts: Facts): string {
  const { most, since, now, proposals } = facts;
  const waiting = proposals.filter(({ standing }) => standing === "open").length;
  const head = [
    `# ${name}, ${since.toISOString().slice(0, 10)} to ${now.toISOString().slice(0, 10)}`,
    `Propose at most ${most}; ${waiting} of earlier proposals wait for a person. Behind each figure stand the issues that it was counted from: name them as evidence.`,
  ];
  const parts = sections.flatMap(({ title, lines }) => {
    const said = lines(facts);
    return said.length > 0 ? [`\n## ${title}\n`, ...said] : [];
  });
  const nothing = parts.length === 0 ? ["\nNothing has happened there in that time, and nothing is known."] : [];
  return fitting([...head, ...parts, ...nothing]);
}

/** As many whole lines as there is room for. */
function fitting(lines: readonly string[]): string {
  const cutOff = "\n(There is more than fits here.)";
  let text = lines[0] ?? "";
  for (const line of lines.slice(1)) {
    if (text.length + line.length + 1 + cutOff.length > LONGEST) return text + cutOff;
    text += `\n${line}`;
  }
  return text;
}
