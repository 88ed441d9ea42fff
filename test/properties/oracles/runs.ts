/** P1: of an issue at most one run is under way, and an attempt has at most one pull request. */
import { at, type Oracle } from "./oracle.ts";

export const oneLiveRun: Oracle = ({ journal }) => {
  const live = new Map<string, Set<string>>();
  const wrong: string[] = [];
  for (const { stream, events, commands, at: when } of journal.entries) {
    const runs = live.get(stream) ?? new Set();
    live.set(stream, runs);
    const cancelled = new Set(commands.flatMap((command) => (command.kind === "CANCEL_RUN" ? [command.data.runId as string] : [])));
    for (const { type, data } of events) {
      if (type === "RUN_FINISHED") runs.delete(data.runId);
      if (type !== "RUN_REQUESTED") continue;
      const others = [...runs].filter((runId) => !cancelled.has(runId));
      if (others.length > 0) wrong.push(`${at(when)} ${stream}: ${data.runId} is asked for while ${others.join(", ")} goes on.`);
      runs.add(data.runId);
    }
    for (const runId of cancelled) runs.delete(runId);
  }
  return wrong;
};

export const onePullRequestAnAttempt: Oracle = ({ github }) => {
  const branches = [...github.pulls.values()].map(({ branch }) => branch);
  return branches.filter((branch, index) => branches.indexOf(branch) !== index).map((branch) => `${branch} has two pull requests.`);
};

/** Once every command is carried out, nothing runs that the issue does not want. */
export const nothingRunsOn: Oracle = ({ github, memory }) => {
  const open = [...memory.effects.rows.values()].some(({ state }) => state === "planned" || state === "sent");
  if (open) return [];
  const wanted = new Set(
    [...memory.projections.values()].flatMap(({ runs }) => runs.filter(({ fenced }) => !fenced).map(({ run_id }) => run_id)),
  );
  return github.runs
    .filter(({ status, inputs }) => status !== "completed" && inputs.run !== undefined && !wanted.has(inputs.run as never))
    .map(({ id, inputs }) => `The workflow run ${id} goes on, and its run ${inputs.run} is superseded.`);
};
