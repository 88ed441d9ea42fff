import type { Context } from "hono";
import { z } from "zod";
import { IssueNumber, RepositoryId } from "../../domain/ids.ts";
import { bearerOf } from "../capability.ts";
import { Problem } from "../problem.ts";
import type { Desk } from "./desk.ts";
import { requireWorkflow } from "./identity.ts";
import { placeOf } from "./look-up.ts";

const Body = z.object({ agent: z.string(), issue: IssueNumber });

/** `POST /api/runs`: a person pressed *Run workflow* with an issue's number. Their workflow's token says who it was. */
export const start = (desk: Desk) => async (context: Context) => {
  const identity = await desk.verifyOidc(bearerOf(context.req.header("authorization")));
  const body = Body.safeParse(await context.req.json().catch(() => undefined));
  if (!body.success) throw new Problem(400, "Send {agent, issue}: an agent's name and an issue's number.");
  const repositoryId = RepositoryId.parse(identity.repositoryId);
  const [place, policy] = await Promise.all([placeOf(desk, repositoryId), desk.policyOf(repositoryId)]);
  requireWorkflow(identity, place, policy, body.data.agent);
  const admitted = await desk.admit(identity.actor, repositoryId, body.data.issue, identity.runId, body.data.agent);
  if ("why" in admitted) throw new Problem(409, admitted.why);
  return context.json({ runId: admitted.runId });
};
