import { createRoute, z } from "@hono/zod-openapi";
import { Problem } from "../../door/problem.ts";
import { DEFAULT_DAYS, windowOf } from "../../measures/window.ts";
import { doraOf } from "../measured.ts";
import { Dora, day } from "./measures.ts";
import { type ApiDeps, answers, part } from "./route.ts";

const read = createRoute({
  method: "get",
  path: "/dora",
  operationId: "dora",
  summary: "DORA's five measures of software delivery, by repository and by whose changes they were",
  description:
    "A deployment counts on the day (UTC) on which it was first seen to have succeeded in production. What is null was not: nothing was deployed. docs/measures.md says what each counts.",
  request: {
    query: z.strictObject({
      from: day.describe(`The first day; ${DEFAULT_DAYS} days back unless told.`),
      to: day.describe("The last day; today unless told."),
    }),
  },
  responses: answers(Dora, "The five, each with what it is made of."),
});

export const dora = ({ store, now }: ApiDeps) =>
  part().openapi(read, async (context) => {
    const { from, to } = context.req.valid("query");
    const window = windowOf(from, to, now());
    if (window.days === 0)
      throw new Problem(400, `The parameter from is ${window.from}, which comes after ${window.to}: give an earlier day.`);
    const { repositories, ...all } = await doraOf(store, window);
    return context.json({ from: window.from, to: window.to, ...all, repositories: [...repositories] }, 200);
  });
