/** Which agent does an issue, and what its instances are called. */
import type { EventData } from "./events.ts";
import { AgentId } from "./ids.ts";
import type { Issue } from "./issue.ts";
import type { Policy } from "./policy.ts";

export type RoundKind = EventData<"ROUND_REQUESTED">["kind"];

/** It judges what the others make. Reviews need no slot: however many are under way, they are one agent's. */
export const REVIEWER = "review-e";

/** They look and report, each in rounds of its own kind; no issue is ever theirs, and they take up no slot. */
export const ROUNDERS: ReadonlyMap<string, RoundKind> = new Map([
  ["monitor-e", "diagnose"],
  ["architect-e", "propose"],
]);

/** The agents of a policy that work on issues, the one first that does whatever asks for no other. */
export const producers = ({ agents }: Pick<Policy, "agents">): readonly string[] =>
  Object.keys(agents).filter((name) => name !== REVIEWER && !ROUNDERS.has(name));

/** Whom an issue's approval asks for, else the first. Undefined: the policy has no such agent. */
export function producerOf({ approval }: Pick<Issue, "approval">, policy: Pick<Policy, "agents">): string | undefined {
  const all = producers(policy);
  return approval?.agent === undefined ? all[0] : all.find((name) => name === approval.agent);
}

/** The instances of one agent. */
export const instancesOf = ({ agents }: Pick<Policy, "agents">, agent: string): readonly AgentId[] =>
  Array.from({ length: agents[agent]?.maxConcurrent ?? 0 }, (_, index) => AgentId.parse(`${agent}-${index + 1}`));

/** Of which agent an instance is one. */
export const agentOf = (agentId: string): string => agentId.replace(/-\d+$/, "");

/** With one instance, or room for one, nobody else can take the second attempt. */
export const isAlone = ({ agents, queue }: Policy, agent: string): boolean =>
  Math.min(agents[agent]?.maxConcurrent ?? 0, queue.maxConcurrent) === 1;

const LABEL = "agent:";

/** Whom the labels ask for: `agent:<name>`. Several are no name of an agent, and so wait for a person. */
export function agentIn(labels: readonly string[]): { readonly agent?: string } {
  const named = labels
    .filter((label) => label.toLowerCase().startsWith(LABEL))
    .map((label) => label.slice(LABEL.length).trim().toLowerCase());
  return named.length > 0 ? { agent: named.toSorted().join(", ") } : {};
}
