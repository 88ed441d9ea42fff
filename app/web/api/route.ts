/** What every route of the API has in common: how it is described, how a wrong request is answered. */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { Backtest } from "../../backtest.ts";
import type { ApiToken } from "../../config.ts";
import { Problem as Refusal } from "../../door/problem.ts";
import type { Speak } from "../../speak.ts";
import type { Store } from "../../store/store.ts";
import type { WebBindings } from "../auth.ts";
import { Problem } from "./shapes.ts";

export interface ApiDeps {
  readonly store: ApiStore;
  readonly tokens: readonly ApiToken[];
  readonly speak: Speak;
  readonly backtest: Backtest;
  /** `RIG_PAUSED`: nothing is dispatched or written. */
  readonly paused: boolean;
  readonly now: () => Date;
}

export type ApiStore = Pick<
  Store,
  | "agents"
  | "allIssues"
  | "assignmentsOf"
  | "conditions"
  | "costs"
  | "deliveryEvents"
  | "effortEvents"
  | "incidents"
  | "issueByNumber"
  | "issueByStream"
  | "issueCounts"
  | "issuesByPullRequest"
  | "issuesPage"
  | "liveRuns"
  | "nextAssignment"
  | "openIncidents"
  | "queuePage"
  | "readAll"
  | "readStream"
  | "runsToday"
  | "repositories"
  | "repositoryByName"
  | "run"
  | "spentToday"
  | "transcript"
>;

/** A part of the API. A request that does not fit its description is answered with the name of what is wrong. */
export const part = () =>
  new OpenAPIHono<WebBindings>({
    defaultHook: (result) => {
      if (!result.success)
        throw misfit(result.error, result.target === "json" ? "field" : result.target === "header" ? "header" : "parameter");
    },
  });

export function misfit(error: z.core.$ZodError, what: string): Refusal {
  const issue = error.issues[0];
  if (issue?.code === "unrecognized_keys")
    return new Refusal(400, `The ${what} ${issue.keys[0]} is not known here: leave it out. GET /api/openapi.json describes what is.`);
  return new Refusal(400, `The ${what} ${issue?.path.join(".")} ${issue?.message}.`);
}

/** An answer that is a refusal. */
export const problem = (description: string) => ({ description, content: { "application/problem+json": { schema: Problem } } });

/** What every route may refuse. */
export const refusals = {
  400: problem("Something in the request is not as described; the detail names it."),
  401: problem("The bearer is missing or is not one of RIG_API_TOKENS."),
} as const;

/** The answers of a route: what it is for, and what everyone may get. */
export const answers = <S extends z.ZodType>(schema: S, description: string) =>
  ({ 200: { description, content: { "application/json": { schema } } }, ...refusals }) as const;

/** A page of a list, whose next one is named in `Link`. */
export const pageOf = <S extends z.ZodType>(schema: S, description: string) =>
  ({
    200: {
      description,
      content: { "application/json": { schema: z.array(schema) } },
      headers: z.object({ Link: z.string().optional().describe('`<…>; rel="next"`: where the next page is. Absent on the last one.') }),
    },
    ...refusals,
  }) as const;

/** The answers of a route about one thing, which may not be there. */
export const answersFor = <S extends z.ZodType>(schema: S, description: string) =>
  ({
    200: { description, content: { "application/json": { schema } } },
    ...refusals,
    404: problem("There is no such thing here; the detail says why."),
  }) as const;

const wholeNumber = "must be a whole number above zero";
/** `owner`, `repo` and a number out of the path. */
export const Place = z.object({ owner: z.string(), repo: z.string() });
export const PositiveInPath = z.coerce.number(wholeNumber).int(wholeNumber).positive(wholeNumber);
