import { createRoute, z } from "@hono/zod-openapi";
import { parse as parseDuration } from "@lukeed/ms";
import { bodyLimit } from "hono/body-limit";
import { type BacktestRequest, type BacktestResult, MOST_REPLAYED } from "../../backtest.ts";
import { speakerOf } from "../../door/bearer.ts";
import { Problem } from "../../door/problem.ts";
import { Evidence } from "./gate-history.ts";
import { type ApiDeps, answersFor, part, problem } from "./route.ts";
import { RepoName } from "./shapes.ts";

const LARGEST = 256 * 1024;

const Asked = z.strictObject({
  policy: z.string("must be the text of a rig.yml").describe("The text of a `rig.yml`."),
  since: z
    .string("must be a duration such as 90d")
    .regex(/^\d{1,5}(\.\d+)?(m|h|d)$/, "must be a duration such as 90d")
    .default("90d")
    .describe("How far back: pull requests that were opened or pushed to since then."),
  repository: z
    .string("must be a repository as owner/name")
    .regex(/^[^/\s]+\/[^/\s]+$/, "must be a repository as owner/name")
    .optional()
    .describe("Only of this repository, `owner/name`."),
});

const Gate = z.object({ gate: z.string(), evidence: Evidence.describe("The first of it."), evidenceCount: z.int() });
const PullRequest = { repository: RepoName, pullRequest: z.int() };

const Backtest = z
  .object({
    since: z.iso.datetime(),
    inAll: z.int().describe("Pull requests of that time."),
    replayed: z.int().describe("Those of them that were replayed."),
    cut: z.boolean().describe(`There are more than ${MOST_REPLAYED}: the newest were taken.`),
    gates: z
      .array(z.object({ gate: z.string(), before: z.int(), after: z.int() }))
      .describe("On how many pull requests each gate is raised, under the policy in force and under the one that was sent."),
    differences: z
      .array(
        z.object({
          ...PullRequest,
          headSha: z.string(),
          title: z.string(),
          url: z.string(),
          added: z.array(Gate).describe("Gates that only the policy that was sent raises."),
          removed: z.array(Gate).describe("Gates that only the policy in force raises."),
        }),
      )
      .describe("Pull requests of which other gates would be raised, the newest first."),
    unreadable: z
      .array(z.object({ ...PullRequest, because: z.string() }))
      .describe("Pull requests that can no longer be read: nothing is known of them."),
  })
  .openapi("Backtest");

const replay = createRoute({
  method: "post",
  path: "/gates/backtest",
  operationId: "backtest",
  summary: "What another rig.yml would have asked of people",
  middleware: bodyLimit({
    maxSize: LARGEST,
    onError: () => {
      throw new Problem(413, "The body is larger than 256 KiB: a rig.yml is not.");
    },
  }),
  request: { body: { required: true, content: { "application/json": { schema: Asked } } } },
  responses: {
    ...answersFor(Backtest, "What would newly be gated or freed. Nothing is written."),
    413: problem("The body is larger than 256 KiB."),
    415: problem("The body is not sent as application/json."),
    429: problem("Another backtest is under way."),
  } as const,
});

export const backtest = ({ store, tokens, backtest: run, now }: ApiDeps) => {
  let busy = false;
  return part().openapi(replay, async (context) => {
    // It asks much of GitHub: no page in a browser on this machine may begin it.
    speakerOf(context, tokens);
    const { policy, since: back, repository } = context.req.valid("json");
    const since = new Date(now().getTime() - (parseDuration(back) ?? 0));
    const asked = { policy, since, ...(repository ? { repositoryId: await idOf(store, repository) } : {}) } satisfies BacktestRequest;
    if (busy) throw new Problem(429, "Another backtest is under way: ask again when it has ended.", { "retry-after": "30" });
    busy = true;
    const answer = await run(asked).finally(() => {
      busy = false;
    });
    if ("errors" in answer) throw new Problem(400, `The policy is not valid: ${answer.errors.map(sentence).join("; ")}.`);
    return context.json(shown(since, answer), 200);
  });
};

const shown = (since: Date, { inAll, replayed, gates, differences, unreadable }: BacktestResult): z.infer<typeof Backtest> => ({
  ...{ since: since.toISOString(), inAll, replayed, cut: inAll > replayed + unreadable.length },
  gates: [...gates],
  differences: differences.map((one) => ({ ...one, added: [...one.added], removed: [...one.removed] })),
  unreadable: [...unreadable],
});

async function idOf(store: ApiDeps["store"], fullName: string): Promise<number> {
  const [owner = "", name = ""] = fullName.split("/");
  const repository = await store.repositoryByName(owner, name);
  if (!repository) throw new Problem(404, `The App is not installed in ${fullName}: install it there, or correct the field repository.`);
  return repository.id;
}

const sentence = ({ line, column, message }: { readonly line: number; readonly column: number; readonly message: string }): string =>
  `line ${line}, column ${column}: ${message}`;
