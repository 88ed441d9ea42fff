/** A person pressed *Run workflow* with an issue's number: they are judged as if they had set the trigger label. */
import { attemptOf, freeAgents, idleAgents } from "./assign.ts";
import type { Conductor } from "./conductor.ts";
import { dependenciesIn } from "./domain/dependencies.ts";
import type { Said } from "./domain/envelope.ts";
import { runIdFor } from "./domain/ids.ts";
import { agentOf, producerOf, producers } from "./domain/producers.ts";
import { stateOf } from "./domain/state.ts";
import { textHash } from "./domain/text.ts";
import { subjectFor } from "./hear.ts";
import { observeDependencies } from "./observe/dependencies.ts";
import { mayAct } from "./observe/permission.ts";
import { policyInForce } from "./policies.ts";
import { historyOf, sync } from "./sync.ts";

export type Admission = { readonly runId: string } | { readonly why: string };

export async function admit(
  conductor: Conductor,
  actor: { readonly login: string; readonly id: number },
  repositoryId: number,
  number: number,
  workflowRunId: number,
  agent: string,
): Promise<Admission> {
  const { store, github } = conductor;
  const [repository, subject] = await Promise.all([store.repository(repositoryId), subjectFor(store, repositoryId, number)]);
  if (!repository || !subject) return { why: `The App is not installed in the repository ${repositoryId}.` };
  const { owner, name: repo, installationId } = repository;
  const octokit = await github.installation(installationId);
  const reader = { octokit, owner, repo, memory: conductor.memory };
  const { policy, defaultBranch } = await policyInForce(conductor, reader, repository);
  const verdict = await mayAct(reader, actor.login, policy.trigger.minPermission);
  if (repository.pausedBecause) return { why: repository.pausedBecause };
  // R1: an outage is no answer, and never a yes.
  if (verdict === "undecided") throw new Error(`GitHub does not say now what ${actor.login} may do in ${owner}/${repo}: try again.`);
  if (verdict !== "admitted")
    return { why: `${actor.login} has no ${policy.trigger.minPermission} permission here, so the run was not started.` };

  const { issue, version } = await historyOf(store, subject.stream);
  if (!producers(policy).includes(agent)) return { why: `${agent} works on no issues here; ${producers(policy).join(", ")} does.` };
  if (issue.approval && producerOf(issue, policy) !== agent)
    return { why: `${subject.stream} was handed to ${issue.approval.agent ?? producerOf(issue, policy)}: take its approval back first.` };
  if (issue.approval && stateOf(issue) !== "queued") return { why: `${subject.stream} is ${stateOf(issue).replace("_", " ")} already.` };
  const taken = (await store.assignmentsOf(repositoryId)).map((one) => one.agentId);
  const agentId = freeAgents(policy, taken).length > 0 ? idleAgents(policy, taken).find((idle) => agentOf(idle) === agent) : undefined;
  if (!agentId) return { why: `No instance of ${agent} is free: the issue waits for its turn once it carries the label.` };

  const { data } = await octokit.rest.issues.get({ owner, repo, issue_number: number });
  const [title, body] = [data.title, data.body ?? ""];
  const who = { actor: { kind: "human" as const, ...actor } };
  const runId = runIdFor(subject.stream, version + 1);
  const { attempt, branch } = attemptOf(issue, { number, title }, policy);
  const approval = {
    title,
    body,
    bodyHash: textHash(title, body),
    priority: issue.priority,
    dependsOn: dependenciesIn(body, subject),
    approvedBy: actor.login,
    actId: `run:${workflowRunId}`,
    ...(agent === producers(policy)[0] ? {} : { agent }),
  };
  const approved: Said[] = issue.approval ? [] : [{ type: "ISSUE_APPROVED", data: approval, ...who }];
  const given: Said[] = [
    { type: "ISSUE_ASSIGNED", data: { agentId, attempt, branch, runId }, ...who },
    {
      type: "RUN_REQUESTED",
      data: { runId, agent, agentId, kind: "implement", attempt, branch, baseSha: defaultBranch.sha, findings: [], workflowRunId },
      ...who,
    },
  ];
  const { dependencies } = await observeDependencies(reader, number, dependenciesIn(body, subject));
  const open = dependencies.filter(({ state }) => state !== "closed").map(({ ref }) => ref);
  const words = open.length > 0 ? approved : [...approved, ...given];
  const { result, reason } = await sync(conductor, subject, `run:${workflowRunId}`, words);
  if (result === "accepted" && open.length > 0)
    return { why: `${subject.stream} depends on ${open.join(", ")}: it is queued, and starts when that is closed.` };
  return result === "accepted" ? { runId } : { why: reason ?? "The issue changed in the same moment: try again." };
}
