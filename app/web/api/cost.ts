import { createRoute, z } from "@hono/zod-openapi";
import type { CostRow } from "../../store/costs.ts";
import { type ApiDeps, answers, part } from "./route.ts";
import { Ref, RepoName, Tokens } from "./shapes.ts";

const day = z.iso.date("must be a day such as 2026-11-22").optional();
const Sum = z.object({ runs: z.int(), usd: z.number(), tokens: Tokens });

const Cost = z
  .object({
    from: z.string().nullable(),
    to: z.string().nullable(),
    ...Sum.shape,
    repositories: z.array(Sum.extend({ repo: RepoName })),
    days: z.array(Sum.extend({ day: z.iso.date() })),
    issues: z.array(Sum.extend({ id: Ref })).describe("The dearest first."),
  })
  .openapi("Cost");

const read = createRoute({
  method: "get",
  path: "/cost",
  operationId: "cost",
  summary: "What the agents' runs have cost, by repository, day and issue",
  description: "A run counts on the day (UTC) on which it was asked for.",
  request: { query: z.strictObject({ from: day.describe("The first day."), to: day.describe("The last day.") }) },
  responses: answers(Cost, "Dollars and tokens, as the model gateway counted them."),
});

const sum = ({ runs, usd, tokens }: CostRow) => ({ runs, usd, tokens });
const nothing = { runs: 0, usd: 0, tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 } };

export const cost = ({ store }: ApiDeps) =>
  part().openapi(read, async (context) => {
    const { from, to } = context.req.valid("query");
    const found = await store.costs(from, to);
    const all = found.find(({ by }) => by === "all");
    return context.json(
      {
        from: from ?? null,
        to: to ?? null,
        ...(all ? sum(all) : nothing),
        repositories: found.flatMap((row) => (row.by === "repository" && row.repo ? [{ repo: row.repo, ...sum(row) }] : [])),
        days: found.flatMap((row) => (row.by === "day" && row.day ? [{ day: row.day, ...sum(row) }] : [])),
        issues: found.flatMap((row) => (row.by === "issue" && row.stream ? [{ id: row.stream, ...sum(row) }] : [])),
      },
      200,
    );
  });
