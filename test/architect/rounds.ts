/** A round of Architect-E as its run leaves it, written down without a runner. */
import { conductor as conductorE } from "../../app/domain/envelope.ts";
import type { Proposal, RigEvent } from "../../app/domain/events.ts";
import { evolve } from "../../app/domain/evolve.ts";
import { AgentId, NO_ISSUE, RepositoryId, roundStream, runIdFor, Sha, type Subject } from "../../app/domain/ids.ts";
import { newIssue } from "../../app/domain/issue.ts";
import { project } from "../../app/domain/projection.ts";
import type { Store } from "../../app/store/store.ts";

export const proposal = (title: string, more: Partial<Proposal> = {}): Proposal => ({
  kind: "fix",
  title,
  what: `${title}, in src/prices.mjs, and show it with a test.`,
  rationale: "It was slow three times.",
  evidence: ["#3 waited for it"],
  complexity: "small",
  ...more,
});

interface Place {
  readonly id: number;
  readonly installationId: number;
  readonly place: { readonly owner: string; readonly repo: string };
}

/** Without proposals it is still under way. Answers the run's id. */
export async function leaveRound(
  store: Store,
  { id, installationId, place }: Place,
  key: string,
  proposals?: readonly Proposal[],
  kind: "propose" | "diagnose" = "propose",
) {
  const stream = roundStream("architect-e", id, key);
  const subject: Subject = { kind: "round", stream, installationId, repositoryId: RepositoryId.parse(id), ...place, number: NO_ISSUE };
  const agentId = AgentId.parse("architect-e");
  const runId = runIdFor(stream, 2);
  const of = { agent: "architect-e", agentId, kind } as const;
  const finished: RigEvent<"RUN_FINISHED"> = {
    type: "RUN_FINISHED",
    data: {
      ...{ runId, outcome: "report", usd: 0.2, turns: 3, minutes: 2, tokens: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 } },
      proposals: [...(proposals ?? [])],
    },
  };
  const events: readonly RigEvent[] = [
    { type: "ROUND_REQUESTED", data: { ...of, title: "Work to propose", brief: "Look.", by: "schedule" } },
    { type: "RUN_REQUESTED", data: { ...of, runId, attempt: 1, branch: "", baseSha: Sha.parse("a".repeat(40)), findings: [] } },
    ...(proposals ? [finished] : []),
  ];
  const at = new Date();
  await store.append({
    ...{ stream, expectedVersion: 0 },
    events: events.map((event) => ({ ...event, actor: conductorE, occurredAt: at, causationId: "test", correlationId: stream })),
    projection: project(
      subject,
      events.reduce((issue, event) => evolve(issue, event, at), newIssue),
      "It is over.",
    ),
  });
  return runId;
}
