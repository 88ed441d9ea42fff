/** A workflow of an agent that makes rounds was started without a run: on its schedule, or by a person, who is judged now (R1). */
import type { Conductor } from "../conductor.ts";
import { ROUNDERS } from "../domain/producers.ts";
import { mayAct } from "../observe/permission.ts";
import { policyInForce } from "../policies.ts";
import { type RoundAnswer, requestRound } from "../rounds.ts";
import type { Repository } from "../store/repositories.ts";
import { historyOf } from "../sync.ts";

/** Who or what started the workflow run, as its token says. That it is the agent's workflow on the default branch is known. */
export interface Starter {
  readonly actor: { readonly login: string; readonly id: number };
  readonly event?: string;
  readonly runId: number;
}

export async function startRound(
  conductor: Conductor,
  starter: Starter,
  repositoryId: number,
  agent: string,
  issue: number | undefined,
): Promise<RoundAnswer> {
  const { store } = conductor;
  const kind = ROUNDERS.get(agent);
  const repository = await store.repository(repositoryId);
  if (!kind || !repository) return { why: `${agent} makes no rounds in the repository ${repositoryId}.` };
  const scheduled = starter.event === "schedule";
  const refused = scheduled ? undefined : await refusedTo(conductor, repository, starter);
  if (refused) return { why: refused };

  const incident = issue === undefined ? undefined : await store.incidentOfIssue(repositoryId, issue);
  if (kind === "propose" && issue !== undefined) return { why: `${agent} looks at the whole repository: leave the issue empty.` };
  if (kind === "diagnose" && issue === undefined)
    return { why: `${agent} diagnoses an incident: give the number of the incident's issue.` };
  if (kind === "diagnose" && incident === undefined) return { why: `#${issue} is the issue of no incident: there is nothing to diagnose.` };
  const open = await openRoundAbout(conductor, repositoryId, agent, incident);
  if (open) return { why: `${agent} is on this round already: ${open}.` };

  const { actor, runId: workflowRunId } = starter;
  return requestRound(
    conductor,
    {
      ...{ repositoryId, agent, kind, key: `run-${workflowRunId}`, incident, workflowRunId },
      ...(scheduled ? { by: "schedule" } : { by: actor.login, actor: { kind: "human", ...actor } }),
    },
    `run:${workflowRunId}`,
  );
}

/** The round that is under way about the same thing: an incident, or the repository as a whole. */
async function openRoundAbout({ store }: Conductor, repositoryId: number, agent: string, incident: string | undefined) {
  for (const { stream } of await store.openRounds(repositoryId, agent)) {
    if ((await historyOf(store, stream)).issue.round?.incident === incident) return stream;
  }
  return undefined;
}

/** R1: an outage is no answer, and never a yes. */
async function refusedTo(conductor: Conductor, repository: Repository, { actor, event }: Starter): Promise<string | undefined> {
  if (event !== undefined && event !== "workflow_dispatch") return `A round begins on schedule or by a person, not by ${event}.`;
  const { owner, name: repo, installationId } = repository;
  const reader = { octokit: await conductor.github.installation(installationId), owner, repo, memory: conductor.memory };
  const { minPermission } = (await policyInForce(conductor, reader, repository)).policy.trigger;
  const verdict = await mayAct(reader, actor.login, minPermission);
  if (verdict === "undecided") throw new Error(`GitHub does not say now what ${actor.login} may do in ${owner}/${repo}: try again.`);
  return verdict === "admitted" ? undefined : `${actor.login} has no ${minPermission} permission here, so the round was not begun.`;
}
