/** What a story came to: where each issue stands, what the world shows of it, and everything that was done to the world. Times are left out. */
import { evolve } from "../../app/domain/evolve.ts";
import { newIssue } from "../../app/domain/issue.ts";
import type { Write } from "./github/state.ts";
import type { Simulation } from "./rig/simulation.ts";

/** Without what hangs on when something was found, and on who came first: times, instances of agents, numbers and commits of pull requests. */
const timeless = (text: unknown): string =>
  String(text)
    .replace(/(&#35;|#)\d+/g, "#N")
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "ID")
    .replace(/\b(?=[a-f]*\d)[0-9a-f]{7,40}\b/g, "SHA")
    .replace(/\d{4}-\d\d-\d\d[ T][\d:.]+( UTC|Z)?/g, "TIME")
    .replace(/\d+ minutes/g, "N minutes")
    .replace(/dev-e-\d/g, "dev-e");

/** Pictures come and go; what they show in the end is compared instead. */
const pictures: ReadonlySet<string> = new Set([
  "updateComment",
  "addLabels",
  "removeLabel",
  "createCheck",
  "updateCheck",
  "discord",
  "discord.remove",
]);

export function outcome({ github, memory }: Simulation) {
  const kinds = new Map(
    [...memory.streams.values()]
      .flat()
      .flatMap((event) => (event.type === "RUN_REQUESTED" ? [[event.data.runId as string, event] as const] : [])),
  );
  const named = ({ call, data }: Write): string => {
    const run = kinds.get(String(data.run));
    const number = Number(data.number ?? 0);
    const place = github.pulls.get(number)?.issue ?? number;
    if (String(data.body).startsWith("<!-- rig:status")) return `${call} ${place} status`;
    if (run) return `${call} ${run.stream} ${run.data.kind} ${run.data.attempt}`;
    const about = Object.entries(data).filter(([key]) => !["workflowRun", "sha", "head", "id", "comment", "number"].includes(key));
    return timeless(`${call} of ${place} ${JSON.stringify(Object.fromEntries(about))}`);
  };
  return {
    issues: memory
      .rows()
      .filter(({ stream }) => (memory.streams.get(stream) ?? []).length > 0)
      .map(({ stream, state, priority, attempts, strikes, prNumber, why }) => {
        const issue = (memory.streams.get(stream) ?? []).reduce((before, event) => evolve(before, event, event.occurredAt), newIssue);
        const { approval, held, gates, merged, waiting } = issue;
        return {
          ...{ stream, state, priority, attempts, strikes, pullRequest: prNumber !== null, why: timeless(why) },
          ...{ approved: approval?.bodyHash, act: approval?.actId, stale: approval?.stale, held: held?.reason, waiting: waiting?.for },
          ...{ gates: gates.map(({ name, state: how }) => `${name} ${how}`), merged: merged !== undefined },
        };
      }),
    labels: [...github.issues.values()].map(({ labels }) => labels.toSorted()),
    comments: github.comments
      .filter(({ by }) => by.type === "Bot")
      .map(({ on, body }) => timeless(`${github.pulls.get(on)?.issue ?? on} ${body}`))
      .toSorted(),
    effects: [...new Set(github.writes.filter(({ call }) => !pictures.has(call)).map(named))].toSorted(),
  };
}
