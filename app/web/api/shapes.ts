/** What the API answers with. The OpenAPI description is made from these. */
import { z } from "@hono/zod-openapi";
import { Actor } from "../../domain/envelope.ts";
import { Priority } from "../../domain/events/words.ts";
import { states } from "../../domain/state.ts";

export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe("Names the thing, says what is wrong and what to do."),
  })
  .openapi("Problem");

export const Time = z.iso.datetime();
export const Ref = z.string().describe("`owner/repo#number`: the name an issue's history keeps, also when its repository is renamed.");
export const RepoName = z.string().describe("`owner/name`, as the repository is called now.");
export const State = z.enum(states);

export const Tokens = z.object({ input: z.int(), output: z.int(), cacheRead: z.int(), cacheWrite: z.int() }).openapi("Tokens");

export const Issue = z
  .object({
    id: Ref,
    repo: RepoName,
    issueNumber: z.int(),
    title: z.string(),
    state: State,
    priority: Priority,
    why: z.string().describe("Why nothing happens now, and what would move it."),
    agentId: z.string().nullable().describe("The agent instance that has it."),
    approvedAt: Time.nullable(),
    attempts: z.int(),
    strikes: z.int(),
    branch: z.string().nullable(),
    prNumber: z.int().nullable(),
    headSha: z.string().nullable(),
    mergeSha: z.string().nullable(),
    milestone: z.string().nullable(),
    usd: z.number(),
    updatedAt: Time,
  })
  .openapi("Issue");

export const Event = z
  .object({
    id: z.uuid(),
    type: z.string(),
    data: z.record(z.string(), z.unknown()).describe("As docs/events.md has it for the type."),
    timestamp: Time,
    version: z.int().describe("Contiguous from 1 within the stream."),
    position: z.int().describe("Gapless and in commit order over all streams."),
    actor: Actor,
  })
  .openapi("Event");
