import { createRoute, z } from "@hono/zod-openapi";
import { noEffort } from "../../measures/effort.ts";
import type { CostRow } from "../../store/costs.ts";
import { effortOf } from "../measured.ts";
import { day, EffortShape } from "./measures.ts";
import { type ApiDeps, answers, part } from "./route.ts";
import { Ref, RepoName, Tokens } from "./shapes.ts";

const Sum = z.object({ runs: z.int(), usd: z.number(), tokens: Tokens });

const Cost = z
  .object({
    from: z.string().nullable(),
    to: z.string().nullable(),
    ...Sum.shape,
    changes: EffortShape.describe("What verified changes took that were done in that time, and what waited until then."),
    repositories: z.array(Sum.extend({ repo: RepoName, changes: EffortShape })),
    days: z.array(Sum.extend({ day: z.iso.date() })),
    issues: z.array(Sum.extend({ id: Ref })).describe("The dearest first."),
  })
  .openapi("Cost");

const read = createRoute({
  method: "get",
  path: "/cost",
  operationId: "cost",
  summary: "What the agents' runs have cost, by repository, day and issue, and what a verified change takes",
  description:
    "A run counts on the day (UTC) on which it was asked for; a change on the day on which it was done, a wait on the day on which it ended.",
  request: { query: z.strictObject({ from: day.describe("The first day."), to: day.describe("The last day.") }) },
  responses: answers(Cost, "Dollars and tokens, as the model gateway counted them."),
});

const sum = ({ runs, usd, tokens }: CostRow) => ({ runs, usd, tokens });
const nothing = { runs: 0, usd: 0, tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 } };

export const cost = ({ store, now }: ApiDeps) =>
  part().openapi(read, async (context) => {
    const { from, to } = context.req.valid("query");
    const found = await store.costs(from, to);
    const all = found.find(({ by }) => by === "all");
    const { repositories, ...changes } = await effortOf(store, { from, to, now: now() }, found);
    return context.json(
      {
        from: from ?? null,
        to: to ?? null,
        ...(all ? sum(all) : nothing),
        changes,
        repositories: found.flatMap((row) =>
          row.by === "repository" && row.repo ? [{ repo: row.repo, ...sum(row), changes: repositories[row.repo] ?? noEffort }] : [],
        ),
        days: found.flatMap((row) => (row.by === "day" && row.day ? [{ day: row.day, ...sum(row) }] : [])),
        issues: found.flatMap((row) => (row.by === "issue" && row.stream ? [{ id: row.stream, ...sum(row) }] : [])),
      },
      200,
    );
  });
