import { createRoute, z } from "@hono/zod-openapi";
import { Problem } from "../../door/problem.ts";
import { folded } from "../../sync.ts";
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
    evidence: z.array(z.object({ path: z.string(), because: z.string() })),
    approvers: z.array(z.string()).describe("Who may decide."),
    since: Time,
    reminders: z.int(),
    escalated: z.boolean(),
    decidedBy: z.string().nullable(),
    decidedAt: Time.nullable(),
  })
  .openapi("Gate");

const list = createRoute({
  method: "get",
  path: "/gates/{owner}/{repo}/{pr}",
  operationId: "listGates",
  summary: "The human gates of a pull request",
  request: { params: Place.extend({ pr: PositiveInPath }) },
  responses: answersFor(z.array(Gate), "Every gate it raised; none raised, none listed."),
});

export const gates = ({ store }: ApiDeps) =>
  part().openapi(list, async (context) => {
    const { owner, repo, pr } = context.req.valid("param");
    const repository = await store.repositoryByName(owner, repo);
    const issues = repository ? await store.issuesByPullRequest(repository.id, pr) : [];
    if (issues.length === 0)
      throw new Problem(404, `The Rig has no pull request ${owner}/${repo}#${pr}: it gates those of the issues it works on.`);
    const histories = await Promise.all(
      issues.map(async ({ stream }) => ({ stream, issue: folded(await store.readStream(stream)).issue })),
    );
    return context.json(
      histories.flatMap(({ stream, issue }) =>
        issue.gates.map(({ name, headSha, state, evidence, approvers, since, reminders, escalated, by, decidedAt }) => ({
          ...{ issue: stream, gate: name, headSha, state, reminders, escalated },
          current: headSha === issue.pullRequest?.headSha,
          evidence: [...evidence],
          approvers: [...approvers],
          since: since.toISOString(),
          decidedBy: by ?? null,
          decidedAt: timeOf(decidedAt ?? null),
        })),
      ),
      200,
    );
  });
