/** An agent is asked to look and to say something: a run that has no issue. */
import type { Conductor } from "./conductor.ts";
import type { Actor, Said } from "./domain/envelope.ts";
import { cut } from "./domain/escape.ts";
import { AgentId, NO_ISSUE, RepositoryId, roundStream, runIdFor, type Subject } from "./domain/ids.ts";
import type { Policy } from "./domain/policy.ts";
import type { RoundKind } from "./domain/producers.ts";
import { readText } from "./observe/owners.ts";
import { policyInForce } from "./policies.ts";
import { briefs } from "./rounds/brief.ts";
import { historyOf, sync } from "./sync.ts";

const MOST_TITLE = 200;
const MOST_BRIEF = 60_000;

export interface RoundWanted {
  readonly repositoryId: number;
  readonly agent: string;
  readonly kind: RoundKind;
  /** What tells it from other rounds of the agent here: the same key is the same round. */
  readonly key: string;
  /** The fingerprint of the incident that it is about. */
  readonly incident?: string | undefined;
  /** Of whom it is wanted: a login, `schedule` or `rig`. */
  readonly by: string;
  /** A workflow run that is there already and will claim it; and the person who started that. */
  readonly workflowRunId?: number;
  readonly actor?: Actor;
}

export type RoundAnswer = { readonly runId: string } | { readonly why: string };

/** Asks for a round, once; or answers, and says in the log, why there is none. */
export async function requestRound(conductor: Conductor, wanted: RoundWanted, cause: string): Promise<RoundAnswer> {
  const answer = await asked(conductor, wanted, cause);
  const { repositoryId, agent, key } = wanted;
  if ("why" in answer) conductor.log.info({ repositoryId, agent, key, why: answer.why }, "A round was not asked for");
  return answer;
}

async function asked(conductor: Conductor, wanted: RoundWanted, cause: string): Promise<RoundAnswer> {
  const { store, github, memory } = conductor;
  const { repositoryId, agent, kind, key, incident, by, workflowRunId, actor } = wanted;
  const repository = await store.repository(repositoryId);
  if (!repository) return { why: `The App is not installed in the repository ${repositoryId}.` };
  const { owner, name: repo, installationId } = repository;
  const stream = roundStream(agent, repositoryId, key);
  if ((await historyOf(store, stream)).version > 0) return { why: `The round ${stream} was asked for already.` };
  if (conductor.config.paused) return { why: "RIG_PAUSED is set: nothing is dispatched." };
  if (repository.pausedBecause) return { why: repository.pausedBecause };

  const reader = { octokit: await github.installation(installationId), owner, repo, memory };
  const { policy, defaultBranch } = await policyInForce(conductor, reader, repository);
  const workflow = policy.agents[agent]?.workflow ?? `${agent}.yml`;
  if (policy.mode !== "active") return { why: `The mode of ${owner}/${repo} is ${policy.mode}: no agent works there.` };
  if (isSpent(policy, (await store.spentToday()).get(repositoryId))) return { why: `${owner}/${repo} has used up its budget of the day.` };
  // A dispatch of what is not there would die each time.
  if ((await readText(reader, `.github/workflows/${workflow}`, defaultBranch.sha)) === undefined)
    return { why: `${owner}/${repo} has no .github/workflows/${workflow}: ${agent} cannot run there.` };

  const written = await briefs[kind](conductor, repository, policy, incident);
  if (!written) return { why: `There is nothing for ${agent} to look at.` };
  const subject: Subject = {
    ...{ kind: "round", stream, installationId, repositoryId: RepositoryId.parse(repositoryId) },
    ...{ owner, repo, number: NO_ISSUE },
  };
  const agentId = AgentId.parse(agent);
  const said = actor ? { actor } : {};
  // R20: what alerts and commits say may hold a secret; an event keeps it for ever, and a model reads it.
  const told = (text: string, most: number) => cut(conductor.redact(text), most);
  const data = { agent, agentId, kind, title: told(written.title, MOST_TITLE), brief: told(written.brief, MOST_BRIEF), by };
  const runId = runIdFor(stream, 2);
  const words: Said[] = [
    { type: "ROUND_REQUESTED", data: { ...data, ...(incident === undefined ? {} : { incident }) }, ...said },
    {
      type: "RUN_REQUESTED",
      data: {
        ...{ runId, agent, agentId, kind, attempt: 1, branch: "", baseSha: defaultBranch.sha, findings: [] },
        ...(workflowRunId === undefined ? {} : { workflowRunId }),
      },
      ...said,
    },
  ];
  const { result, reason } = await sync(conductor, subject, cause, words);
  return result === "accepted" ? { runId } : { why: reason ?? `The round ${stream} was asked for in the same moment.` };
}

const isSpent = ({ limits }: Policy, spent: { readonly usd: number; readonly tokens: number } | undefined): boolean =>
  spent !== undefined && (spent.usd >= limits.usdPerDay || spent.tokens >= limits.tokensPerDay);
