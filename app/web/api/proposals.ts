import { createRoute, z } from "@hono/zod-openapi";
import { eventData } from "../../domain/events.ts";
import { standings } from "../../domain/proposals.ts";
import { OfRepository, repositoryStates } from "./of-repository.ts";
import { type ApiDeps, answersFor, part } from "./route.ts";
import { RepoName, Time } from "./shapes.ts";

const { kind, title, complexity } = eventData.PROPOSAL_CREATED.shape;

const Proposal = z
  .object({
    repo: RepoName,
    issueNumber: z.int().describe("The issue that it became."),
    url: z.string().nullable(),
    kind,
    title,
    complexity,
    state: z.enum(standings).describe("`lapsed`: nobody decided, for its issue is gone, or no person closed it."),
    by: z.string().nullable().describe("Who approved or rejected it."),
    proposedAt: Time,
    decidedAt: Time.nullable(),
    runId: z.uuid().describe("The run that proposed it."),
  })
  .openapi("Proposal");

const list = createRoute({
  method: "get",
  path: "/proposals",
  operationId: "listProposals",
  summary: "What Architect-E has proposed, and what people made of it",
  description:
    "A proposal is an issue with the label `rig:proposal`. A person approves it with the trigger label, or rejects it by closing it.",
  request: {
    query: z.strictObject({
      repo: OfRepository,
      state: z
        .enum(standings, `must be one of ${standings.join(", ")}`)
        .optional()
        .describe("Only those that stand so."),
    }),
  },
  responses: answersFor(z.array(Proposal), "By repository, the oldest first."),
});

export const proposals = ({ store }: ApiDeps) =>
  part().openapi(list, async (context) => {
    const { repo: asked, state: wanted } = context.req.valid("query");
    const found = (await repositoryStates(store, asked)).flatMap(({ repo, state }) =>
      state.proposals.map(({ fingerprint: _, at, standing, by, decidedAt, url, ...proposal }) => ({
        ...{ repo, ...proposal, url: url ?? null, state: standing, by: by ?? null },
        ...{ proposedAt: at.toISOString(), decidedAt: decidedAt?.toISOString() ?? null },
      })),
    );
    return context.json(wanted ? found.filter(({ state }) => state === wanted) : found, 200);
  });
