import type { Context } from "hono";
import { z } from "zod";
import { IssueNumber, RepositoryId } from "../../domain/ids.ts";
import { ROUNDERS } from "../../domain/producers.ts";
import { bearerOf } from "../capability.ts";
import { Problem } from "../problem.ts";
import type { Desk } from "./desk.ts";
import { requireWorkflow } from "./identity.ts";
import { placeOf } from "./look-up.ts";

const Body = z.object({ agent: z.string(), issue: IssueNumber.optional() });

/**
 * `POST /api/runs`: a person pressed *Run workflow* with an issue's number; or an agent that makes rounds was started, by a person or on
 * schedule. The workflow's token says who or what it was.
 */
export const start = (desk: Desk) => async (context: Context) => {
  const identity = await desk.verifyOidc(bearerOf(context.req.header("authorization")));
  const body = Body.safeParse(await context.req.json().catch(() => undefined));
  if (!body.success) throw new Problem(400, "Send {agent, issue}: an agent's name and an issue's number.");
  const repositoryId = RepositoryId.parse(identity.repositoryId);
  const [place, policy] = await Promise.all([placeOf(desk, repositoryId), desk.policyOf(repositoryId)]);
  requireWorkflow(identity, place, policy, body.data.agent);
  const { agent, issue } = body.data;
  const rounds = ROUNDERS.has(agent);
  if (!rounds && issue === undefined) throw new Problem(400, `Send {agent, issue}: ${agent} works on issues, so give one by its number.`);
  const admitted =
    rounds || issue === undefined
      ? await desk.startRound(identity, repositoryId, agent, issue)
      : await desk.admit(identity.actor, repositoryId, issue, identity.runId, agent);
  if ("why" in admitted) throw new Problem(409, admitted.why);
  return context.json({ runId: admitted.runId });
};
