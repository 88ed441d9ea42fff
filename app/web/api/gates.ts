import { createRoute, z } from "@hono/zod-openapi";
import type { Recorded } from "../../domain/envelope.ts";
import type { Gate as KnownGate } from "../../domain/issue-parts.ts";
import { Problem } from "../../door/problem.ts";
import { folded } from "../../sync.ts";
import { Evidence, GateEvent, gateHistory } from "./gate-history.ts";
import { type ApiDeps, answersFor, Place, PositiveInPath, part } from "./route.ts";
import { Ref, Time } from "./shapes.ts";
import { timeOf } from "./show.ts";

const Gate = z
  .object({
    issue: Ref,
    gate: z.string(),
    headSha: z.string(),
    current: z.boolean().describe("It is about the pull request's present head."),
    state: z.enum(["waiting", "approved", "rejected"]),
    evidence: z.array(Evidence).describe("The first of it, where it is much."),
    evidenceCount: z.int().describe("How much of it there is."),
    evidenceHash: z
      .string()
      .nullable()
      .describe("Of all of it: an approval stands only as long as this does. Null: it was raised before hashes were kept."),
    approvers: z.array(z.string()).describe("Who may decide."),
    since: Time,
    reminders: z.int(),
    escalated: z.boolean(),
    decidedBy: z.string().nullable(),
    decidedAt: Time.nullable(),
    waitedMinutes: z.number().nullable().describe("How long it waited for its decision."),
    via: z.enum(["review", "command"]).nullable().describe("How it was approved: by a review on GitHub, or by `/rig approve`."),
    alsoRequested: z.boolean().describe("Who approved it had asked for the change too, and nobody else could have."),
  })
  .openapi("Gate");

const params = Place.extend({ pr: PositiveInPath });

const list = createRoute({
  method: "get",
  path: "/gates/{owner}/{repo}/{pr}",
  operationId: "listGates",
  summary: "The human gates of a pull request",
  request: { params },
  responses: answersFor(z.array(Gate), "Every gate it raised; none raised, none listed."),
});

const history = createRoute({
  method: "get",
  path: "/gates/{owner}/{repo}/{pr}/history",
  operationId: "gateHistory",
  summary: "What became of the human gates of a pull request, for an auditor",
  request: { params },
  responses: answersFor(
    z.array(GateEvent),
    "Every time a gate was raised, asked about again, opened, refused or taken back, oldest first.",
  ),
});

export const gates = (deps: ApiDeps) =>
  part()
    .openapi(list, async (context) => {
      const { owner, repo, pr } = context.req.valid("param");
      const found = await historiesOf(deps, owner, repo, pr);
      return context.json(found.flatMap(gatesIn), 200);
    })
    .openapi(history, async (context) => {
      const { owner, repo, pr } = context.req.valid("param");
      const found = await historiesOf(deps, owner, repo, pr);
      return context.json(
        found.flatMap(({ stream, events }) => gateHistory(stream, events, pr)),
        200,
      );
    });

interface History {
  readonly stream: string;
  readonly events: readonly Recorded[];
}

async function historiesOf({ store }: ApiDeps, owner: string, repo: string, pr: number): Promise<readonly History[]> {
  const repository = await store.repositoryByName(owner, repo);
  const issues = repository ? await store.issuesByPullRequest(repository.id, pr) : [];
  if (issues.length === 0)
    throw new Problem(
      404,
      `The Rig has no pull request ${owner}/${repo}#${pr}: it gates those that were open since it is installed there.`,
    );
  return Promise.all(issues.map(async ({ stream }) => ({ stream, events: await store.readStream(stream) })));
}

const gatesIn = ({ stream, events }: History): readonly z.infer<typeof Gate>[] => {
  const { issue } = folded(events);
  return issue.gates.map((gate) => ({
    ...gateShape(stream, gate, gate.headSha === issue.pullRequest?.headSha),
    ...decisionOn(gate, events),
  }));
};

const gateShape = (issue: string, gate: KnownGate, current: boolean) => {
  const { name, headSha, state, evidence, evidenceCount, evidenceHash, approvers, since, reminders, escalated, by, decidedAt } = gate;
  return {
    ...{ issue, gate: name, headSha, current, state, evidenceCount, reminders, escalated },
    evidence: [...evidence],
    evidenceHash: evidenceHash || null,
    approvers: [...approvers],
    since: since.toISOString(),
    decidedBy: by ?? null,
    decidedAt: timeOf(decidedAt ?? null),
  };
};

/** What only the event that decided it has. */
function decisionOn({ name, headSha, state }: KnownGate, events: readonly Recorded[]) {
  const decided = events.findLast(
    (event): event is Recorded<"HUMAN_GATE_APPROVED" | "HUMAN_GATE_REJECTED"> =>
      (event.type === "HUMAN_GATE_APPROVED" || event.type === "HUMAN_GATE_REJECTED") &&
      event.data.gate === name &&
      event.data.headSha === headSha,
  );
  if (!decided || state === "waiting") return { waitedMinutes: null, via: null, alsoRequested: false };
  const { waitedMinutes = null } = decided.data;
  const { via = null, alsoRequested = false } = decided.type === "HUMAN_GATE_APPROVED" ? decided.data : {};
  return { waitedMinutes, via, alsoRequested };
}
