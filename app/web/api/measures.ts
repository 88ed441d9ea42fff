/** The measures as the API shows them. */
import { z } from "@hono/zod-openapi";
import type { Effort } from "../../measures/effort.ts";
import { RepoName } from "./shapes.ts";

export const day = z.iso.date("must be a day such as 2026-11-22").optional();

const Minutes = z
  .object({ median: z.number().nullable(), p90: z.number().nullable(), count: z.int().describe("Of how many.") })
  .openapi("Spread");

const Rate = z
  .object({
    rate: z.number().nullable().describe("`count` divided by `of`; null where there is nothing to divide by."),
    count: z.int(),
    of: z.int().describe("Production deployments."),
  })
  .openapi("Rate");

const Five = z
  .object({
    deploymentFrequency: z
      .object({ perDay: z.number().nullable(), deployments: z.int(), days: z.int() })
      .describe("Production deployments, each once, however many changes it brought; null where there was none."),
    leadTime: Minutes.describe("Minutes from a change's first commit, or else from its pull request, to its first production deployment."),
    changeFailRate: Rate.describe("Deployments that needed a fix or a rollback, or that an incident is blamed on."),
    recoveryTime: Minutes.extend({
      open: z.int().describe("Failed deployments that have not recovered: their minutes are not known yet."),
    }).describe("Minutes from a deployment's first failure until nothing of it is broken any more."),
    reworkRate: Rate.describe("Deployments that brought a fix of what had failed in production."),
  })
  .openapi("FiveMeasures");

const Split = Five.extend({
  agent: Five.describe("Of changes that an agent made."),
  human: Five.describe("Of people's own pull requests."),
}).openapi("SplitMeasures");

export const Dora = Split.extend({
  from: z.iso.date(),
  to: z.iso.date(),
  repositories: z.array(Split.extend({ repo: RepoName })).describe("Those with a production deployment in that time."),
}).openapi("Dora");

export const EffortShape = z
  .object({
    verifiedChanges: z.int().describe("Issues that were done, with production seen live and healthy."),
    usd: Minutes.describe("Dollars of the agents' runs, by verified change."),
    humanMinutes: Minutes.describe(
      "Minutes that a verified change waited for people: at its human gates, and for the reviewers of an environment.",
    ),
    queueWaitMinutes: Minutes.describe("Minutes from an issue's approval until an agent first got it."),
    gateWaitMinutes: Minutes.describe("Minutes from a gate's triggering to its approval."),
    usdOfAllPerVerifiedChange: z
      .number()
      .nullable()
      .describe("Everything that was spent, also on what came to nothing, by verified change; null where there was none."),
  })
  .openapi("Effort") satisfies z.ZodType<Effort>;
